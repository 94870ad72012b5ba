package dev.tailsampling.lake;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.layout.MessageEncoding;
import dev.tailsampling.layout.PositionColumns;
import dev.tailsampling.layout.TableLayout;
import dev.tailsampling.layout.TimeColumn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Timestamps of files that others wrote: Iceberg's own are in microseconds. */
class ForeignTimesTest {

    private static final long ARRIVAL_MILLIS = 1_767_268_800_123L;

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({"MILLIS, 1", "MICROS, 1000"})
    void theFileSaysTheUnit(String unit, long perMilli) throws IOException {
        try (TestLake lake = TestLake.onDisk(home)) {
            Table table = lake.catalog.findOrCreate(TableName.of(TestLake.TABLE),
                    new Schema(optional(1, "value", Types.BinaryType.get()), optional(2, "p", Types.IntegerType.get()),
                            optional(3, "o", Types.LongType.get()),
                            optional(4, "at", Types.TimestampType.withZone())),
                    PartitionSpec.unpartitioned(), Map.of());
            String file = write(unit, ARRIVAL_MILLIS * perMilli);
            table.newAppend().appendFile(DataFiles.builder(table.spec()).withInputFile(table.io().newInputFile(file))
                    .withFormat(FileFormat.PARQUET).withRecordCount(1).build()).commit();
            LayoutChoice layout = new LayoutChoice.Given(new TableLayout.Records("own", List.of(), "value",
                    MessageEncoding.OTLP, null, new PositionColumns("p", "o"), new TimeColumn("at", EpochUnit.US)));
            CollectedSpans spans = new CollectedSpans();

            new TableHistory(lake.catalog, TestLake.TABLE, AutoMqTableOptions.defaults(lake.clock).withLayout(layout))
                    .read(ARRIVAL_MILLIS, ARRIVAL_MILLIS + 1, spans);

            assertThat(spans.spanIds).containsExactly(7L);
        }
    }

    private String write(String unit, long arrival) throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message m { optional binary value = 1; "
                + "optional int32 p = 2; optional int64 o = 3; optional int64 at (TIMESTAMP(%s,true)) = 4; }"
                        .formatted(unit));
        Path file = home.resolve("foreign.parquet");
        try (var writer = ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(schema).build()) {
            SimpleGroup row = new SimpleGroup(schema);
            row.add("value", Binary.fromConstantByteArray(Otlp.message(Otlp.span(1, 7))));
            row.add("p", 0);
            row.add("o", 0L);
            row.add("at", arrival);
            writer.write(row);
        }
        return file.toString();
    }
}
