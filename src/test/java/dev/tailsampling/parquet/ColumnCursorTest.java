package dev.tailsampling.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random files of parquet-java's, read by us and by parquet-java. More seeds: {@code -Dtss.seeds=5000}. */
class ColumnCursorTest {

    private static final int SEEDS = Integer.getInteger("tss.seeds", 200);

    @Test
    void readsWhatParquetJavaReads() {
        for (long seed = 0; seed < SEEDS; seed++) {
            MemoryFile file = new RandomTable(seed).write(2000);
            compare(seed, file);
            compare(seed, Rewritten.withoutIndexes(file));
        }
    }

    @Test
    void putsRowsTogetherThatAreSplitOverPages() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SplitFile split = new SplitFile(seed);
            MemoryFile file = split.write();
            assertThat(Columns.byLibrary(file)).as("seed %s: the file is what it should be", seed)
                    .isEqualTo(List.of(List.of(split.rows())));
            compare(seed, file);
        }
    }

    private static void compare(long seed, MemoryFile file) {
        List<List<List<List<Entry>>>> expected = Columns.byLibrary(file);
        try {
            ParquetFile ours = ParquetFile.open(file, new ReadCounters());
            assertThat(Columns.byUs(ours)).as("seed %s", seed).isEqualTo(expected);
            compareSkipping(seed, ours, expected);
        } catch (RuntimeException e) {
            fail("seed " + seed, e);
        }
    }

    private static void compareSkipping(long seed, ParquetFile file, List<List<List<List<Entry>>>> expected) {
        SplittableRandom random = new SplittableRandom(seed);
        for (RowGroup group : file.rowGroups().subList(0, Math.min(5, file.rowGroups().size()))) {
            for (Leaf leaf : file.leaves()) {
                List<List<Entry>> rows = expected.get(group.index()).get(leaf.ordinal());
                assertThat(Columns.firstDifference(group.cursor(leaf), leaf, rows, random))
                        .as("seed %s, column %s, first row that differs", seed, leaf).isEqualTo(-1);
            }
        }
    }
}
