package dev.tailsampling.parquet;

import static dev.tailsampling.parquet.MemoryFile.unchecked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.junit.jupiter.api.Test;

class RunDecoderTest {

    private static final Place PLACE = Place.file("f");

    @Test
    void decodesIdsOfAllWidths() {
        for (int width = 0; width <= 32; width++) {
            for (long seed = 0; seed < 20; seed++) {
                SplittableRandom random = new SplittableRandom(seed * 100 + width);
                int[] ids = ids(random, width);
                byte[] bytes = encode(ids, width);
                int[] decoded = new int[ids.length + BitUnpacker.GROUP];
                new RunDecoder(PLACE, padded(bytes), 0, bytes.length).ids(ids.length, width, decoded);
                assertThat(Arrays.copyOf(decoded, ids.length)).as("width %s, seed %s", width, seed).isEqualTo(ids);
            }
        }
    }

    @Test
    void decodesLevelsOfAllMaxima() {
        for (int max = 1; max <= Levels.MAX; max++) {
            SplittableRandom random = new SplittableRandom(max);
            int[] ids = ids(random, RunDecoder.width(max));
            int limit = max;
            int[] expected = Arrays.stream(ids).map(id -> Math.min(id, limit)).toArray();
            byte[] bytes = encode(expected, RunDecoder.width(max));
            Levels levels = new Levels();
            new RunDecoder(PLACE, padded(bytes), 0, bytes.length).levels(expected.length, max, levels);
            for (int i = 0; i < expected.length; i++) {
                assertThat(levels.at(i)).as("max %s, entry %s", max, i).isEqualTo(expected[i]);
            }
        }
    }

    @Test
    void acceptsALastGroupThatIsCutOff() {
        byte[] oneGroupOfWidth8 = {3, 7, 8, 9};
        int[] decoded = new int[3 + BitUnpacker.GROUP];
        new RunDecoder(PLACE, padded(oneGroupOfWidth8), 0, 4).ids(3, 8, decoded);
        assertThat(Arrays.copyOf(decoded, 3)).containsExactly(7, 8, 9);
        assertThatThrownBy(() -> new RunDecoder(PLACE, padded(oneGroupOfWidth8), 0, 4).ids(4, 8, decoded))
                .isInstanceOf(CorruptFileException.class)
                .hasMessage("Parquet file f: a page ends within its packed bits");
    }

    @Test
    void refusesLevelsOutOfRange() {
        byte[] runOfThree = {2 * 5, 3};
        assertThatThrownBy(() -> new RunDecoder(PLACE, padded(runOfThree), 0, 2).levels(5, 2, new Levels()))
                .hasMessage("Parquet file f: a level is out of range");
        byte[] packedThrees = {3, -1, -1};
        assertThatThrownBy(() -> new RunDecoder(PLACE, padded(packedThrees), 0, 3).levels(5, 2, new Levels()))
                .hasMessage("Parquet file f: a level is out of range");
    }

    @Test
    void refusesRunsThatEndTooEarly() {
        byte[] runOfFive = {2 * 5, 1};
        int[] decoded = new int[20];
        assertThatThrownBy(() -> new RunDecoder(PLACE, padded(runOfFive), 0, 2).ids(6, 1, decoded))
                .hasMessage("Parquet file f: a page ends before its last run");
        byte[] tooLong = {-1, -1, -1, -1, -1, -1};
        assertThatThrownBy(() -> new RunDecoder(PLACE, padded(tooLong), 0, 6).ids(6, 1, decoded))
                .hasMessage("Parquet file f: a run's length is out of range");
    }

    /** Runs and changing values by turns. */
    private static int[] ids(SplittableRandom random, int width) {
        int[] ids = new int[random.nextInt(1, 300)];
        int mask = (int) ((1L << width) - 1);
        int value = random.nextInt() & mask;
        for (int i = 0; i < ids.length; i++) {
            boolean changes = i / 50 % 2 == 0;
            value = changes ? random.nextInt() & mask : value;
            ids[i] = value;
        }
        return ids;
    }

    private static byte[] encode(int[] values, int width) {
        return unchecked(() -> {
            try (RunLengthBitPackingHybridEncoder encoder = new RunLengthBitPackingHybridEncoder(width, 64, 1 << 20,
                    HeapByteBufferAllocator.getInstance())) {
                for (int value : values) {
                    encoder.writeInt(value);
                }
                return encoder.toBytes().toByteArray();
            }
        });
    }

    private static byte[] padded(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + RawPage.SLACK);
    }
}
