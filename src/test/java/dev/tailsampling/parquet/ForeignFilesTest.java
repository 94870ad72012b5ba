package dev.tailsampling.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that other programs wrote; {@code src/test/resources/parquet/README.md} says how. */
class ForeignFilesTest {

    /** Column (its path with dots, as each writer names it) → the entries of a row. */
    private static final Map<String, IntFunction<List<Entry>>> COLUMNS = Map.ofEntries(
            Map.entry("id", row -> List.of(text("%016x%016x".formatted(row / 7 * 2654435761L, row / 7)))),
            Map.entry("n", row -> flat(row % 10 == 0 ? null : (long) row * row - 5000)),
            Map.entry("small", row -> flat((long) row % 13)),
            Map.entry("flag", row -> flat(row % 5 == 0 ? null : row % 3 == 0 ? 1L : 0L)),
            Map.entry("x", row -> flat(row % 6 == 0 ? null : row / 4.0)),
            Map.entry("attrs.key_value.key", row -> nested(row, 2, j -> text("k" + j).value())),
            Map.entry("attrs.key_value.value",
                    row -> nested(row, 3, j -> (row + j) % 4 == 0 ? null : text("v" + (row * j) % 97).value())),
            Map.entry("list.list.element", ForeignFilesTest::list));

    @ParameterizedTest
    @ValueSource(strings = {"duckdb-v2-snappy", "duckdb-zstd", "polars-zstd", "pyarrow-delta-gzip",
            "pyarrow-dictionary-snappy", "pyarrow-split-zstd", "pyarrow-v2-lz4"})
    void readsTheirValues(String name) throws IOException {
        ParquetFile file = ParquetFile.open(load(name), new ReadCounters());
        assertThat(file.leaves()).hasSizeGreaterThanOrEqualTo(6);
        SplittableRandom random = new SplittableRandom(name.hashCode());
        for (Leaf leaf : file.leaves()) {
            IntFunction<List<Entry>> expected = Objects.requireNonNull(COLUMNS.get(leaf.toString()), leaf.toString());
            int first = 0;
            for (RowGroup group : file.rowGroups()) {
                List<List<Entry>> rows = new ArrayList<>();
                for (int row = first; row < first + group.rowCount(); row++) {
                    rows.add(expected.apply(row));
                }
                assertThat(Columns.column(group.cursor(leaf), leaf)).as("column %s", leaf).isEqualTo(rows);
                assertThat(Columns.firstDifference(group.cursor(leaf), leaf, rows, random))
                        .as("column %s, first row that differs", leaf).isEqualTo(-1);
                first += (int) group.rowCount();
            }
            assertThat(first).isEqualTo(name.startsWith("duckdb") ? 2200 : 900);
        }
    }

    private static MemoryFile load(String name) throws IOException {
        try (InputStream stream = ForeignFilesTest.class.getResourceAsStream("/parquet/" + name + ".parquet")) {
            return new MemoryFile(Objects.requireNonNull(stream, name).readAllBytes());
        }
    }

    private static Entry text(String text) {
        return new Entry(0, 1, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Entry> flat(@Nullable Object value) {
        return List.of(new Entry(0, value == null ? 0 : 1, value));
    }

    /** The map: null in each 11th row, or with 0 to 4 pairs. */
    private static List<Entry> nested(int row, int maxDefinition, IntFunction<@Nullable Object> value) {
        int pairs = row % 5;
        if (row % 11 == 0 || pairs == 0) {
            return List.of(new Entry(0, row % 11 == 0 ? 0 : 1, null));
        }
        List<Entry> entries = new ArrayList<>();
        for (int j = 0; j < pairs; j++) {
            Object at = value.apply(j);
            entries.add(new Entry(j == 0 ? 0 : 1, at == null ? maxDefinition - 1 : maxDefinition, at));
        }
        return entries;
    }

    private static List<Entry> list(int row) {
        List<Entry> entries = new ArrayList<>();
        for (int j = 0; j < row % 4; j++) {
            entries.add(new Entry(j == 0 ? 0 : 1, 3, (long) row + j));
        }
        return entries.isEmpty() ? List.of(new Entry(0, 1, null)) : entries;
    }
}
