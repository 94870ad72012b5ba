package dev.tailsampling.lake;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.layout.AttributeColumns;
import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.EventColumns;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.layout.PositionColumns;
import dev.tailsampling.layout.SpanColumns;
import dev.tailsampling.layout.TableLayout;
import dev.tailsampling.layout.TimeColumn;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a mapping may say that no built-in layout does, and what happens to tables in the course of time. */
class SpanMappingTest {

    private static final TableName NAME = TableName.of(TestLake.TABLE);
    private static final UUID TRACE = UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10");
    private static final SpanText TEXT =
            new SpanText(
                    Stream.of("service.name", "text", "flag", "int", "number", "none").map(AttributeKey::of).toList());

    private final TestLake lake = TestLake.inMemory();

    @AfterEach
    void close() {
        lake.close();
    }

    private static SpanColumns columns(String start, EpochUnit unit, @Nullable AttributeColumns attributes,
            @Nullable EventColumns events) {
        return new SpanColumns("trace", "span", "parent", null, null, "name", "kind",
                new SpanColumns.Times(new TimeColumn(start, unit), null, new TimeColumn("duration", unit)), "status",
                null, null, null, new SpanColumns.Scope(null, null, null), attributes,
                new SpanColumns.DroppedCounts(null, null, null), events, null);
    }

    private PinnedTable pinned(SpanColumns columns) {
        Table table = lake.table();
        return TestLake.pinned(NAME, new LayoutChoice.Given(new TableLayout.Spans("own", List.of(), columns,
                TableLayout.Presence.OPTIONAL, null, null)), table);
    }

    private Table create(Type id, Type time, Type kind, NestedField... others) {
        List<NestedField> fields = new ArrayList<>(List.of(optional(1, "trace", id),
                optional(2, "span", Types.StringType.get()), optional(3, "parent", Types.StringType.get()),
                optional(4, "name", Types.StringType.get()), optional(5, "kind", kind), optional(6, "start", time),
                optional(7, "duration", Types.IntegerType.get()), optional(8, "status", kind)));
        fields.addAll(List.of(others));
        lake.catalog.findOrCreate(NAME, new Schema(fields), PartitionSpec.unpartitioned(), Map.of());
        return lake.table();
    }

    private static Record row(Table table, Map<String, ?> values) {
        Record row = GenericRecord.create(table.schema());
        values.forEach(row::setField);
        return row;
    }

    private static void append(Table table, Record... rows) {
        DataFileWriter writer = new DataFileWriter(table, 1,
                table.currentSnapshot() == null ? 0 : table.currentSnapshot().sequenceNumber(), 1 << 20);
        Stream.of(rows).forEach(writer::write);
        AppendFiles append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        append.commit();
        table.refresh();
    }

    private List<String> read(SpanColumns columns) {
        PinnedTable table = pinned(columns);
        List<String> scanned = ReadSpans.scanned(table, SpanField.ALL, TEXT::all);
        assertThat(ReadSpans.fetched(table, TEXT::all)).isEqualTo(scanned);
        return scanned;
    }

    private String shown(SpanColumns columns, String pattern) {
        List<String> found = ReadSpans.scanned(pinned(columns), SpanField.ALL, span -> describe(span, pattern));
        read(columns);
        return found.getFirst();
    }

    private static String describe(SpanView span, String what) {
        return switch (what) {
            case "ids" -> span.traceId() + " " + Long.toHexString(span.spanId()) + " " + span.parentSpanId();
            case "times" -> span.startUnixNano() + " " + span.endUnixNano();
            default -> span.kind() + " " + span.status();
        };
    }

    @Test
    void idsAreUuidsAndBase64() {
        Table table = create(Types.UUIDType.get(), Types.LongType.get(), Types.StringType.get());
        String span = Base64.getEncoder().encodeToString(ByteBuffer.allocate(8).putLong(0xabcdefL).array());
        append(table, row(table, Map.of("trace", TRACE, "span", span, "start", 5L)));

        assertThat(shown(columns("start", EpochUnit.NS, null, null), "ids"))
                .isEqualTo("0102030405060708090a0b0c0d0e0f10 abcdef 0");
    }

    @Test
    void timesAreInAnyUnit() {
        Table table = create(Types.StringType.get(), Types.LongType.get(), Types.StringType.get());
        append(table, row(table, Map.of("trace", TRACE.toString(), "span", "0000000000000001", "start", 7L, "duration",
                3)));

        assertThat(shown(columns("start", EpochUnit.NS, null, null), "times")).isEqualTo("7 10");
        assertThat(shown(columns("start", EpochUnit.US, null, null), "times")).isEqualTo("7000 10000");
        assertThat(shown(columns("start", EpochUnit.MS, null, null), "times")).isEqualTo("7000000 10000000");
        assertThat(shown(columns("start", EpochUnit.S, null, null), "times")).isEqualTo("7000000000 10000000000");
    }

    @Test
    void kindAndStatusAreNamesInAnySpellingOrNumbers() {
        Table table = create(Types.StringType.get(), Types.LongType.get(), Types.StringType.get());
        Map<String, String> id = Map.of("trace", TRACE.toString(), "span", "0000000000000001");
        for (List<String> names : List.of(List.of("Server", "Error"), List.of("SERVER", "ERROR"),
                List.of("SPAN_KIND_SERVER", "STATUS_CODE_ERROR"), List.of("what", "ever"))) {
            Record row = row(table, id);
            row.setField("kind", names.getFirst());
            row.setField("status", names.getLast());
            append(table, row);
        }

        assertThat(ReadSpans.scanned(pinned(columns("start", EpochUnit.NS, null, null)), SpanField.ALL,
                span -> describe(span, "names")).stream().sorted().toList())
                .containsExactly(SpanKind.SERVER + " " + StatusCode.ERROR, SpanKind.SERVER + " " + StatusCode.ERROR,
                        SpanKind.SERVER + " " + StatusCode.ERROR, SpanKind.UNSPECIFIED + " " + StatusCode.UNSET);
    }

    @Test
    void attributesAreListsOfKeysWithValues() {
        Types.StructType any = Types.StructType.of(optional(23, "string_value", Types.StringType.get()),
                optional(24, "bool_value", Types.BooleanType.get()), optional(25, "int_value", Types.LongType.get()),
                optional(26, "double_value", Types.DoubleType.get()));
        Types.StructType pair = Types.StructType.of(optional(21, "key", Types.StringType.get()),
                optional(22, "value", any));
        Table table = create(Types.StringType.get(), Types.LongType.get(), Types.StringType.get(),
                optional(20, "attributes", Types.ListType.ofOptional(27, pair)));
        Record row = row(table, Map.of("trace", TRACE.toString(), "span", "0000000000000001", "start", 1L));
        row.setField("attributes", List.of(pair(table, "text", "string_value", "x"),
                pair(table, "flag", "bool_value", true), pair(table, "int", "int_value", 7L),
                pair(table, "number", "double_value", 2.5), pair(table, "none", "int_value", null)));
        append(table, row);

        assertThat(read(columns("start", EpochUnit.NS, new AttributeColumns.Column("attributes"), null)).getFirst())
                .contains("attributes 4 {flag=%s, int=%s, number=%s, text=%s}".formatted(new BoolValue(true),
                        new LongValue(7), new DoubleValue(2.5), new StringValue("x")));
    }

    private static Record pair(Table table, String key, String type, @Nullable Object value) {
        Types.StructType pair = table.schema().findType("attributes.element").asStructType();
        Record any = GenericRecord.create(pair.fieldType("value").asStructType());
        any.setField(type, value);
        Record record = GenericRecord.create(pair);
        record.setField("key", key);
        record.setField("value", any);
        return record;
    }

    @Test
    void attributesHaveColumnsOfTheirOwn() {
        Table table = create(Types.StringType.get(), Types.LongType.get(), Types.StringType.get(),
                optional(20, "a.text", Types.StringType.get()), optional(21, "a.flag", Types.BooleanType.get()),
                optional(22, "a.int", Types.IntegerType.get()), optional(23, "a.number", Types.FloatType.get()),
                optional(24, "a.none", Types.LongType.get()));
        append(table, row(table, Map.of("trace", TRACE.toString(), "span", "0000000000000001", "a.text", "x", "a.flag",
                false, "a.int", -7, "a.number", 2.5f)));

        assertThat(read(columns("start", EpochUnit.NS, new AttributeColumns.Prefixed("a."), null)).getFirst())
                .contains("attributes 4 {flag=%s, int=%s, number=%s, text=%s}".formatted(new BoolValue(false),
                        new LongValue(-7), new DoubleValue(2.5), new StringValue("x")));
    }

    @Test
    void rowsWithoutIdsAreUndecodable() {
        Table table = create(Types.StringType.get(), Types.LongType.get(), Types.StringType.get());
        append(table, row(table, Map.of("span", "0000000000000001")), row(table, Map.of("trace", "no id", "span", "1")),
                row(table, Map.of("trace", TRACE.toString(), "span", "0000000000000001", "parent", "no id")),
                row(table, Map.of("trace", "0".repeat(32), "span", "0000000000000001")),
                row(table, Map.of("trace", TRACE.toString(), "span", "0000000000000001")));
        SpanColumns columns = columns("start", EpochUnit.NS, null, null);
        PinnedTable pinned = pinned(columns);

        assertThat(ReadSpans.scanned(pinned, SpanField.ALL, span -> "span")).containsExactly("a row without a trace id",
                "a row without a trace id", "a row whose parent span id cannot be read", "a row without a trace id",
                "span");
        assertThat(ReadSpans.fetched(pinned, span -> "span")).containsExactly("span");
    }

    /** Columns are added, renamed and widened; older files are read as they are. */
    @Test
    void olderFilesAreReadWithTheColumnsThatTheyHave() {
        Table table = create(Types.StringType.get(), Types.IntegerType.get(), Types.StringType.get(),
                optional(20, "a.int", Types.IntegerType.get()), optional(21, "a.number", Types.FloatType.get()));
        append(table, row(table, Map.of("trace", TRACE.toString(), "span", "0000000000000001", "name", "old", "start",
                3, "a.int", 1, "a.number", 0.5f)));
        table.updateSchema().updateColumn("a.int", Types.LongType.get()).updateColumn("start", Types.LongType.get())
                .updateColumn("a.number", Types.DoubleType.get()).renameColumn("name", "title")
                .addColumn(null, "a.text", Types.StringType.get()).commit();
        table.updateSchema().renameColumn("start", "begin").commit();
        append(table, row(table, Map.of("trace", TRACE.toString(), "span", "0000000000000002", "title", "new", "begin",
                4L, "a.int", 2L, "a.number", 0.25, "a.text", "x")));
        SpanColumns columns = columns("begin", EpochUnit.NS, new AttributeColumns.Prefixed("a."), null);
        SpanColumns renamed = new SpanColumns(columns.traceId(), columns.spanId(), columns.parentSpanId(), null, null,
                "title", columns.kind(), columns.times(), columns.statusCode(), null, null, null, columns.scope(),
                columns.spanAttributes(), columns.dropped(), null, null);

        List<String> read = read(renamed);
        assertThat(read.getFirst()).contains("start 3 end 3", "name old",
                "{int=%s, number=%s}".formatted(new LongValue(1), new DoubleValue(0.5)));
        assertThat(read.getLast()).contains("start 4 end 4", "name new", "{int=%s, number=%s, text=%s}"
                .formatted(new LongValue(2), new DoubleValue(0.25), new StringValue("x")));
    }

    /** Rows that do not say which Kafka record they are would all count as one that was read before. */
    @Test
    void rowsWithoutTheKafkaPositionThatOthersHaveAreRefused() {
        Table table = create(Types.StringType.get(), Types.LongType.get(), Types.StringType.get(),
                optional(20, "p", Types.IntegerType.get()));
        Map<String, ?> row = Map.of("trace", TRACE.toString(), "span", "0000000000000001", "start", 1L, "p", 0);
        append(table, row(table, row));
        table.updateSchema().addColumn("o", Types.LongType.get()).commit();
        assertThatThrownBy(() -> ReadSpans.scanned(positioned(table), SpanField.ALL, span -> "span"))
                .isInstanceOf(SourceException.class).hasMessageContaining("a row without o in file");

        table.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
        append(table, row(table, row));
        assertThatThrownBy(() -> ReadSpans.fetched(positioned(table), span -> "span"))
                .isInstanceOf(SourceException.class).hasMessageContaining("a row without o in file");
    }

    private static PinnedTable positioned(Table table) {
        return TestLake.pinned(NAME, new LayoutChoice.Given(new TableLayout.Spans("own", List.of(),
                columns("start", EpochUnit.NS, null, null), TableLayout.Presence.OPTIONAL,
                new PositionColumns("p", "o"), null)), table);
    }
}
