package dev.tailsampling.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged files of small size: they give their number of rows or a {@link CorruptFileException}, quickly and in little memory. */
@Timeout(900)
class DamagedFileTest {

    private static final int SEEDS = Integer.getInteger("tss.seeds", 200);
    private static final int DAMAGES = 30;
    /** The largest file has some 100 KB, and zstd may promise 128 KiB for each 4 bytes of a page. */
    private static final long MAX_ALLOCATED_BYTES = 256L << 20;

    @Test
    void isEitherReadOrRefused() {
        int refused = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(~seed);
            MemoryFile file = random.nextInt(4) == 0 ? new SplitFile(seed).write() : new RandomTable(seed).write(300);
            for (int i = 0; i < DAMAGES; i++) {
                refused += isRefused(seed, i, new MemoryFile(damaged(file.bytes(), random))) ? 1 : 0;
            }
        }
        assertThat(refused).as("of %s damaged files", SEEDS * DAMAGES).isGreaterThan(SEEDS * DAMAGES / 10);
    }

    private static boolean isRefused(long seed, int damage, MemoryFile file) {
        long before = allocatedBytes();
        try {
            readAll(file);
            return false;
        } catch (CorruptFileException e) {
            return true;
        } catch (RuntimeException | Error e) {
            return fail("seed " + seed + ", damage " + damage, e);
        } finally {
            assertThat(allocatedBytes() - before).as("seed %s, damage %s: bytes allocated", seed, damage)
                    .isLessThan(MAX_ALLOCATED_BYTES);
        }
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** Looks at each value, and at the number of rows. */
    private static void readAll(MemoryFile bytes) {
        ParquetFile file = ParquetFile.open(bytes, new ReadCounters());
        for (RowGroup group : file.rowGroups()) {
            for (Leaf leaf : file.leaves()) {
                ColumnCursor cursor = group.cursor(leaf);
                long rows = 0;
                for (int left = cursor.rowsInPage(); left > 0; left = cursor.rowsInPage()) {
                    for (int entry = 0; entry < cursor.page().entryCount(); entry++) {
                        Entry.ours(leaf, cursor.page(), entry);
                    }
                    rows += left;
                    cursor.skip(left);
                }
                assertThat(rows).isEqualTo(group.rowCount());
            }
        }
    }

    private static byte[] damaged(byte[] bytes, SplittableRandom random) {
        byte[] copy = bytes.clone();
        // The footer is a small part of large files, but has the most to damage.
        int from = random.nextBoolean() ? 0 : Math.max(0, copy.length - 500);
        int at = from + random.nextInt(copy.length - from);
        switch (random.nextInt(5)) {
            case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> copy[at] = (byte) random.nextInt();
            case 2 ->
                Arrays.fill(copy, at, Math.min(copy.length, at + 1 + random.nextInt(20)), (byte) random.nextInt(2));
            case 3 -> copy[at] = (byte) (random.nextBoolean() ? 0x7f : 0xff);
            default -> {
                return Arrays.copyOf(copy, at);
            }
        }
        return copy;
    }

    @Test
    void checksumsCoverThePages() {
        for (CompressionCodecName codec : List.of(CompressionCodecName.UNCOMPRESSED, CompressionCodecName.ZSTD)) {
            MemoryFile file = new RandomTable(3).write(200, codec, true);
            ParquetFile sound = ParquetFile.open(file, new ReadCounters());
            ByteRange range = sound.rowGroups().getFirst().ranges(sound.leaves()).getFirst();
            byte[] copy = file.bytes().clone();
            copy[(int) (range.position() + range.length() - 1)] ^= 1;
            assertThatThrownBy(() -> readAll(new MemoryFile(copy))).isInstanceOf(CorruptFileException.class)
                    .hasMessage("Parquet file memory, row group 0, column " + sound.leaves().getFirst()
                            + ": a page's checksum differs from its bytes");
        }
    }

    @Test
    void refusesWhatIsNoParquetFile() {
        assertThatThrownBy(() -> readAll(new MemoryFile(new byte[0]))).hasMessageContaining("too short");
        assertThatThrownBy(() -> readAll(new MemoryFile(new byte[1000])))
                .hasMessage("Parquet file memory: it does not end as a Parquet file does");
        byte[] encrypted = new byte[1000];
        System.arraycopy("PARE".getBytes(), 0, encrypted, 996, 4);
        assertThatThrownBy(() -> readAll(new MemoryFile(encrypted))).isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("encrypted, which is not supported");
    }
}
