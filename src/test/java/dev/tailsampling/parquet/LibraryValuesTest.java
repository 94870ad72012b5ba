package dev.tailsampling.parquet;

import static dev.tailsampling.parquet.MemoryFile.unchecked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What goes through parquet-java, and how it is counted. */
class LibraryValuesTest {

    private final ReadCounters counters = new ReadCounters();
    private final MemoryFile file = unchecked(() -> {
        try (InputStream stream = getClass().getResourceAsStream("/parquet/pyarrow-delta-gzip.parquet")) {
            return new MemoryFile(Objects.requireNonNull(stream).readAllBytes());
        }
    });

    @Test
    void countsChunksAndSaysWhy() {
        Columns.byUs(ParquetFile.open(file, counters));
        assertThat(counters.chunksByLibrary()).isEqualTo(6);
        assertThat(counters.libraryReasons()).isEqualTo(Map.of(
                "encoding DELTA_BYTE_ARRAY", "Parquet file memory, row group 0, column id",
                "encoding DELTA_BINARY_PACKED", "Parquet file memory, row group 0, column n",
                "encoding BYTE_STREAM_SPLIT", "Parquet file memory, row group 0, column x",
                "encoding DELTA_LENGTH_BYTE_ARRAY",
                "Parquet file memory, row group 0, column attrs.key_value.key"));
    }

    @Test
    void refusesDeltasThatClaimMoreValuesThanThePageHas() {
        byte[] page = {(byte) 0x80, 1, 4, 3, 0};
        assertThatThrownBy(() -> DeltaBlocks.requireSound(Place.file("f"), page, 0, page.length, 2))
                .isInstanceOf(CorruptFileException.class)
                .hasMessage("Parquet file f: a page of 2 values has 3 deltas");
    }

    @Test
    void refusesCodecsWhoseJarsAreMissing() {
        MemoryFile brotli = Rewritten.footer(file, footer -> footer.getRow_groups().getFirst().getColumns()
                .forEach(chunk -> chunk.getMeta_data().setCodec(org.apache.parquet.format.CompressionCodec.BROTLI)));
        assertThatThrownBy(() -> Columns.byUs(ParquetFile.open(brotli, counters)))
                .isInstanceOf(CorruptFileException.class).hasMessageContaining("column id: ")
                .hasMessageContaining("BROTLI");
        assertThat(counters.libraryReasons()).containsKey("codec BROTLI");
        assertThat(List.copyOf(counters.libraryReasons().keySet())).hasSize(1);
    }
}
