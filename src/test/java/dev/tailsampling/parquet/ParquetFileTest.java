package dev.tailsampling.parquet;

import static dev.tailsampling.parquet.MemoryFile.unchecked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.ColumnCryptoMetaData;
import org.apache.parquet.format.EncryptionWithFooterKey;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.junit.jupiter.api.Test;

class ParquetFileTest {

    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType("message spans { "
            + "required int64 time = 1; optional binary name (STRING) = 2; required int32 unsigned (UINT_32) = 6; "
            + "optional group attributes (MAP) = 3 { repeated group key_value { "
            + "required binary key (STRING) = 4; optional binary value (STRING) = 5; } } }");
    private static final int ROWS = 1000;

    private final ReadCounters counters = new ReadCounters();

    private static MemoryFile write(MessageType schema, int rows, BiConsumer<Integer, Group> fill,
            UnaryOperator<ExampleParquetWriter.Builder> settings) {
        MemoryFile.Output output = new MemoryFile.Output();
        return unchecked(() -> {
            try (ParquetWriter<Group> writer = settings.apply(ExampleParquetWriter.builder(output).withType(schema))
                    .build()) {
                for (int row = 0; row < rows; row++) {
                    Group group = new SimpleGroup(schema);
                    fill.accept(row, group);
                    writer.write(group);
                }
            }
            return output.file();
        });
    }

    /** Pages of 100 rows. */
    private static MemoryFile spans(WriterVersion version) {
        return write(SCHEMA, ROWS, (row, group) -> {
            group.add("time", (long) row);
            group.add("unsigned", -row);
            if (row % 10 > 0) {
                group.add("name", "name " + row % 3);
            }
            Group pair = group.addGroup("attributes").addGroup("key_value");
            pair.append("key", "k").append("value", "v" + row);
        }, settings -> settings.withPageRowCountLimit(100).withWriterVersion(version));
    }

    private ParquetFile open(FileBytes file) {
        return ParquetFile.open(file, counters);
    }

    @Test
    void findsColumnsByFieldIdAndByPath() {
        ParquetFile file = open(spans(WriterVersion.PARQUET_1_0));
        assertThat(file.hasFieldIds()).isTrue();
        Leaf value = file.leaf("attributes", "key_value", "value");
        assertThat(value).isNotNull().isEqualTo(file.leaf(5)).hasToString("attributes.key_value.value");
        assertThat(value.physicalType()).isEqualTo(PrimitiveTypeName.BINARY);
        assertThat(List.of(value.ordinal(), value.maxDefinitionLevel(), value.maxRepetitionLevel()))
                .containsExactly(4, 3, 1);
        assertThat(file.leaf(3)).as("a group is no column").isNull();
        assertThat(file.leaf(Leaf.NO_FIELD_ID)).isNull();
        assertThat(file.leaf("attributes", "value")).isNull();
    }

    @Test
    void givesTheFootersStatistics() {
        ParquetFile file = open(spans(WriterVersion.PARQUET_1_0));
        RowGroup group = file.rowGroups().getFirst();
        assertThat(group.statistics(file.leaves().get(0)))
                .isEqualTo(new ChunkStatistics(OptionalLong.of(0), new ChunkStatistics.LongBounds(0, ROWS - 1)));
        ChunkStatistics names = group.statistics(file.leaves().get(1));
        assertThat(names.nullCount()).hasValue(100);
        ChunkStatistics.BytesBounds bounds = (ChunkStatistics.BytesBounds) names.bounds();
        assertThat(new String(bounds.min())).isEqualTo("name 0");
        assertThat(new String(bounds.max())).isEqualTo("name 2");
        assertThat(group.statistics(file.leaves().get(2)).bounds()).as("of unsigned integers").isNull();
    }

    @Test
    void doesNotDecompressPagesThatAreSkipped() {
        for (WriterVersion version : WriterVersion.values()) {
            ParquetFile file = open(spans(version));
            for (Leaf leaf : file.leaves()) {
                long decoded = counters.pagesDecoded();
                long skipped = counters.pagesSkipped();
                ColumnCursor cursor = file.rowGroups().getFirst().cursor(leaf);
                cursor.skip(250);
                assertThat(cursor.rowsInPage()).isEqualTo(50);
                assertThat(cursor.page().rowCount()).isEqualTo(100);
                assertThat(cursor.rowInPage()).isEqualTo(50);
                cursor.skip(ROWS - 250);
                assertThat(cursor.rowsInPage()).isZero();
                assertThat(counters.pagesDecoded() - decoded).as("%s %s", version, leaf).isEqualTo(1);
                assertThat(counters.pagesSkipped() - skipped).as("%s %s", version, leaf).isEqualTo(9);
            }
        }
    }

    @Test
    void letsTestDistinctValuesOnce() {
        ParquetFile file = open(spans(WriterVersion.PARQUET_1_0));
        ColumnCursor cursor = file.rowGroups().getFirst().cursor(file.leaves().get(1));
        Dictionary dictionary = cursor.dictionary();
        assertThat(dictionary.size()).isEqualTo(3);
        assertThat(cursor.isAllByDictionary()).isTrue();
        assertThat(cursor.rowsInPage()).isEqualTo(100);
        ColumnPage page = cursor.page();
        assertThat(page.dictionary()).isSameAs(dictionary);
        assertThat(page.dictionaryIdOf(0)).as("of a null").isEqualTo(-1);
        assertThat(page.dictionaryIds()[0]).isEqualTo(3);
        int id = page.dictionaryIdOf(5);
        assertThat(new String(dictionary.bytes(), dictionary.offsetOf(id), dictionary.lengthOf(id)))
                .isEqualTo("name 2");
        assertThat(page.offsets()[5]).isEqualTo(page.offsetOf(5)).isEqualTo(dictionary.offsetOf(id));
        assertThat(page.lengths()[0]).as("of a null").isZero();
    }

    /** Blocks of a MiB, though the column has far more. */
    @Test
    void readsColumnsInBlocks() {
        MessageType schema = MessageTypeParser.parseMessageType("message t { required binary b; }");
        byte[] value = new byte[20_000];
        new java.util.SplittableRandom(1).nextBytes(value);
        MemoryFile memory = write(schema, 500, (row, group) -> group.add("b",
                org.apache.parquet.io.api.Binary.fromConstantByteArray(value)),
                settings -> settings.withDictionaryEncoding(false).withPageSize(300_000)
                        .withMinRowCountForPageSizeCheck(1));
        List<Integer> reads = new ArrayList<>();
        ParquetFile file = open(recording(memory, reads));
        assertThat(reads).as("of the footer").containsExactly(1 << 16);
        ColumnCursor cursor = file.rowGroups().getFirst().cursor(file.leaves().getFirst());
        int rows = 0;
        for (int left = cursor.rowsInPage(); left > 0; left = cursor.rowsInPage()) {
            assertThat(cursor.page().lengthOf(0)).isEqualTo(20_000);
            rows += left;
            cursor.skip(left);
        }
        assertThat(rows).isEqualTo(500);
        assertThat(reads).hasSizeBetween(10, 20).allMatch(length -> length <= 1 << 20);
        assertThat(counters.bytesRead()).isBetween(10_000_000L, memory.length() + (1 << 16));
    }

    private static FileBytes recording(MemoryFile file, List<Integer> reads) {
        return new FileBytes() {
            @Override
            public String location() {
                return file.location();
            }

            @Override
            public long length() {
                return file.length();
            }

            @Override
            public void readFully(long position, byte[] into, int offset, int length) {
                reads.add(length);
                file.readFully(position, into, offset, length);
            }
        };
    }

    @Test
    void refusesToSkipBeyondTheEnd() {
        ParquetFile file = open(spans(WriterVersion.PARQUET_1_0));
        ColumnCursor cursor = file.rowGroups().getFirst().cursor(file.leaves().getFirst());
        assertThatThrownBy(cursor::page).isInstanceOf(IllegalStateException.class);
        cursor.skip(990);
        assertThatThrownBy(() -> cursor.skip(11)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot skip 11 rows from row 990 of 1000");
    }

    @Test
    void refusesEncryptedColumns() {
        MemoryFile encrypted = Rewritten.footer(spans(WriterVersion.PARQUET_1_0), footer -> footer.getRow_groups()
                .getFirst().getColumns().getFirst().setCrypto_metadata(
                        ColumnCryptoMetaData.ENCRYPTION_WITH_FOOTER_KEY(new EncryptionWithFooterKey())));
        assertThatThrownBy(() -> Columns.byUs(open(encrypted))).isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("encrypted");
    }

    @Test
    void clampsTimestampsThatDoNotFit() {
        assertThat(PlainDecoder.epochNanos(5, 2_440_589)).isEqualTo(86_400_000_000_005L);
        assertThat(PlainDecoder.epochNanos(0, 1_721_426)).as("year 1").isEqualTo(Long.MIN_VALUE);
        assertThat(PlainDecoder.epochNanos(0, 5_373_484)).as("year 9999").isEqualTo(Long.MAX_VALUE);
    }
}
