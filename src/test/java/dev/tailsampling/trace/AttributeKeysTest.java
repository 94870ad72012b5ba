package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AttributeKeysTest {

    private static final List<String> NAMES = Stream.concat(Stream.of("", "a", "b", "ü", "http.method", "http.target"),
            IntStream.range(0, 500).mapToObj(i -> "x" + i + ".same")).toList();

    private final AttributeKeys keys = AttributeKeys.of(NAMES.stream().map(AttributeKey::of).toList());

    private int numberOf(String name) {
        byte[] bytes = ("<<" + name + ">>").getBytes(StandardCharsets.UTF_8);
        return keys.numberOf(bytes, 2, bytes.length - 4);
    }

    @Test
    void keys_areFoundByTheirBytes() {
        for (int number = 0; number < NAMES.size(); number++) {
            assertThat(numberOf(NAMES.get(number))).as(NAMES.get(number)).isEqualTo(number);
        }
    }

    @Test
    void otherNames_areNoKeys() {
        assertThat(List.of("c", "u", "http.metho", "http.methods", "x500.same", "x1.sama"))
                .allSatisfy(name -> assertThat(numberOf(name)).isEqualTo(-1));
        assertThat(AttributeKeys.of(List.of()).numberOf(new byte[]{'a'}, 0, 1)).isEqualTo(-1);
    }
}
