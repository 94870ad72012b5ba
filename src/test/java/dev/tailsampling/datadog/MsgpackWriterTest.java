package dev.tailsampling.datadog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MsgpackWriterTest {

    /** Each form ends at one of these. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536, 200_000})
    void sizes_areReadBack(int size) {
        String text = "x".repeat(size);
        assertThat(MsgpackReader.read(new MsgpackWriter().string(text).toByteArray())).isEqualTo(text);
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 0xfe);
        assertThat((byte[]) MsgpackReader.read(new MsgpackWriter().binary(bytes).toByteArray())).isEqualTo(bytes);
        MsgpackWriter array = new MsgpackWriter().array(size);
        MsgpackWriter map = new MsgpackWriter().map(size);
        for (int i = 0; i < size; i++) {
            array.uint(i);
            map.string("k" + i).bool(i % 2 == 0);
        }
        assertThat(MsgpackReader.read(array.toByteArray())).isEqualTo(LongStream.range(0, size).boxed().toList());
        Map<?, ?> read = (Map<?, ?>) MsgpackReader.read(map.toByteArray());
        assertThat(read.size()).isEqualTo(size);
        assertThat(read.get("k" + (size - 1))).isEqualTo(size == 0 ? null : size % 2 == 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 127, 128, 255, 256, 65_535, 65_536, 4_294_967_295L, 4_294_967_296L, Long.MAX_VALUE})
    void numbers_areReadBack(long number) {
        assertThat(MsgpackReader.read(new MsgpackWriter().uint(number).toByteArray())).isEqualTo(number);
    }

    /** From the specification. */
    @Test
    void forms_areTheShortest() {
        assertThat(new MsgpackWriter().map(1).string("a").uint(200).toByteArray())
                .isEqualTo(new byte[]{(byte) 0x81, (byte) 0xa1, 'a', (byte) 0xcc, (byte) 0xc8});
        assertThat(new MsgpackWriter().array(1).binary(new byte[]{7}).toByteArray())
                .isEqualTo(new byte[]{(byte) 0x91, (byte) 0xc4, 1, 7});
        assertThat(MsgpackReader.read(new MsgpackWriter().array(2).bool(true).string("zażółć").toByteArray()))
                .isEqualTo(List.of(true, "zażółć"));
    }
}
