package dev.tailsampling.lake;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.layout.SpanColumns;
import dev.tailsampling.layout.TableLayout;
import dev.tailsampling.layout.TimeColumn;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spans of tables that say in a column of their own, in seconds, when a row arrived, and not always that. */
class ArrivalColumnTest {

    private static final TableName NAME = TableName.of(TestLake.TABLE);
    private static final TraceId TRACE = Otlp.trace(1);
    private static final Schema SCHEMA = new Schema(optional(1, "trace", Types.StringType.get()),
            optional(2, "span", Types.StringType.get()), optional(3, "start", Types.LongType.get()),
            optional(4, "end", Types.LongType.get()), optional(5, "arrived", Types.IntegerType.get()));
    private static final SpanColumns COLUMNS = new SpanColumns("trace", "span", "parent", null, null, "name", "kind",
            new SpanColumns.Times(new TimeColumn("start", EpochUnit.S), new TimeColumn("end", EpochUnit.S), null),
            "status", null, null, null, new SpanColumns.Scope(null, null, null), null,
            new SpanColumns.DroppedCounts(null, null, null), null, null);
    private static final LayoutChoice LAYOUT = new LayoutChoice.Given(new TableLayout.Spans("own", List.of(), COLUMNS,
            TableLayout.Presence.OPTIONAL, null, new TimeColumn("arrived", EpochUnit.S)));

    private final TestLake lake = TestLake.inMemory();
    private final TableHistory history = new TableHistory(lake.catalog, TestLake.TABLE,
            AutoMqTableOptions.defaults(lake.clock).withLayout(LAYOUT));

    @AfterEach
    void close() {
        lake.close();
    }

    private Table create(PartitionSpec spec) {
        return lake.catalog.findOrCreate(NAME, SCHEMA, spec, Map.of());
    }

    private static Record row(long span, long end, @Nullable Integer arrived) {
        Record row = GenericRecord.create(SCHEMA);
        row.setField("trace", TRACE.hex());
        row.setField("span", "%016x".formatted(span));
        row.setField("start", end);
        row.setField("end", end);
        row.setField("arrived", arrived);
        return row;
    }

    private static void append(Table table, List<Record> rows) {
        DataFileWriter writer = new DataFileWriter(table, 1, rows.hashCode(), 1 << 20);
        rows.forEach(writer::write);
        AppendFiles append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        append.commit();
    }

    private List<Long> read(long fromSecond, long untilSecond) {
        CollectedSpans spans = new CollectedSpans();
        history.read(fromSecond * 1_000, untilSecond * 1_000, spans);
        return spans.spanIds;
    }

    private List<Long> fetched(long firstSecond, long lastSecond) {
        List<Long> found = new ArrayList<>();
        history.fetch(List.of(new FetchRequest(TRACE, List.of(), firstSecond * 1_000, lastSecond * 1_000,
                FetchRequest.UNKNOWN_SPAN_COUNT, 1)),
                Long.MAX_VALUE, (trace, otlp, count) -> found.addAll(Otlp.spanIds(otlp)));
        return found;
    }

    @Test
    void partitionsMayBeOfSmallNumbers() {
        for (PartitionSpec spec : List.of(PartitionSpec.builderFor(SCHEMA).truncate("arrived", 60).build(),
                PartitionSpec.builderFor(SCHEMA).identity("arrived").build())) {
            Table table = create(spec);
            append(table, LongStream.range(100, 103).mapToObj(span -> row(span, 5, (int) span * 60)).toList());

            assertThat(read(101 * 60, 102 * 60)).containsExactly(101L);
            assertThat(fetched(101 * 60, 102 * 60)).containsExactlyInAnyOrder(101L, 102L);
            lake.drop();
        }
    }

    @Test
    void rowsThatDoNotSayWhenTheyArrivedAreFoundByTheirEnd() {
        append(create(PartitionSpec.unpartitioned()), List.of(row(1, 1_000, 1_010), row(2, 5_000, null)));

        assertThat(read(5_000, 5_001)).containsExactly(2L);
        assertThat(fetched(5_000, 5_000)).containsExactly(2L);
        assertThat(read(1_010, 1_011)).containsExactly(1L);
    }

    @Test
    void aFileThatWasCommittedTwiceIsFetchedOnce() {
        Table table = create(PartitionSpec.unpartitioned());
        append(table, List.of(row(1, 1_000, 1_010)));
        table.newAppend().appendFile(lake.files().getFirst()).commit();

        assertThat(read(1_010, 1_011)).containsExactly(1L);
        assertThat(fetched(1_010, 1_010)).containsExactly(1L);
    }
}
