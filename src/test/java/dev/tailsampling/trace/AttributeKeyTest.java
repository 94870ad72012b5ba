package dev.tailsampling.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AttributeKeyTest {

    @Test
    void matchesItsUtf8_andNothingElse() {
        byte[] bytes = "xhttp.größe.y".getBytes(StandardCharsets.UTF_8);
        AttributeKey key = AttributeKey.of("http.größe");

        assertThat(key.matches(bytes, 1, 12)).isTrue();
        assertThat(key.matches(bytes, 0, 12)).isFalse();
        assertThat(key.matches(bytes, 1, 11)).isFalse();
        assertThat(key.matches(bytes, 1, 13)).isFalse();
        assertThat(AttributeKey.of("").matches(bytes, 5, 0)).isTrue();
    }

    @Test
    void equalByName() {
        assertThat(AttributeKey.of("a")).isEqualTo(AttributeKey.of("a")).hasSameHashCodeAs(AttributeKey.of("a"))
                .isNotEqualTo(AttributeKey.of("b")).hasToString("a");
    }
}
