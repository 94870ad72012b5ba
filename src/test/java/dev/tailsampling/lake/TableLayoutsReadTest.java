package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.layout.MessageEncoding;
import dev.tailsampling.layout.PositionColumns;
import dev.tailsampling.layout.TableLayout;
import dev.tailsampling.layout.TimeColumn;
import dev.tailsampling.otlp.OtlpJsonWriter;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceRead;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is particular to a layout. That all of them are read right is {@link LayoutContractTest}'s business. */
class TableLayoutsReadTest {

    private static final Schema AUTOMQ_1_5 = MessageLayout.AUTOMQ_1_5.schema();

    private TestLake lake;
    private final CollectedSpans spans = new CollectedSpans();
    private int commits;

    @BeforeEach
    void open() {
        lake = TestLake.inMemory();
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private Table create(Schema schema) {
        return create(schema, PartitionSpec.unpartitioned());
    }

    private Table create(Schema schema, PartitionSpec spec) {
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), schema, spec, Map.of());
        return lake.table();
    }

    private void commit(Record... rows) {
        commit(List.of(rows));
    }

    private void commit(List<Record> rows) {
        Table table = lake.table();
        DataFileWriter writer = new DataFileWriter(table, 1, commits++, 1 << 20);
        rows.forEach(writer::write);
        AppendFiles append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        append.commit();
    }

    private SourceRead read() {
        return lake.source().readNew(SourceCursor.START, spans);
    }

    private static KafkaMessage message(int partition, long span) {
        return KafkaMessage.of(partition, Otlp.message(Otlp.span(1, span)), TestLake.millis(span));
    }

    private static String json(long span) {
        return OtlpJsonWriter.toJson(Otlp.message(Otlp.span(1, span)));
    }

    private Record row15(long second, String value) {
        Record row = GenericRecord.create(lake.table().schema());
        row.setField("timestamp", Instant.ofEpochMilli(TestLake.millis(second)).atOffset(ZoneOffset.UTC));
        row.setField("key", "");
        row.setField("value", value);
        return row;
    }

    @Test
    void aTableOfAutoMq15IsReadByItsCommits() {
        create(AUTOMQ_1_5);
        commit(row15(1, json(1)), row15(2, json(2)));
        AutoMqTable source = lake.source();
        SourceRead first = source.readNew(SourceCursor.START, spans);
        commit(row15(3, json(3)));
        SourceRead second = source.readNew(first.cursor(), spans);

        assertThat(spans.spanIds).containsExactly(1L, 2L, 3L);
        assertThat(spans.rows).extracting(row -> row.timestampMillis())
                .containsExactly(TestLake.millis(1), TestLake.millis(2), TestLake.millis(3));
        assertThat(second.rows()).isEqualTo(1);
        assertThat(source.readNew(second.cursor(), spans).rows()).isZero();
    }

    /** AutoMQ 1.6 goes on with the table: it adds its columns and takes milliseconds for microseconds. */
    private Record upgradedRow(KafkaMessage message, long offset, String value) {
        Schema schema = lake.table().schema();
        Record row = GenericRecord.create(schema);
        row.setField("timestamp",
                Instant.ofEpochMilli(message.timestampMillis() / 1000).atOffset(ZoneOffset.UTC));
        row.setField("value", value);
        row.setField(TableTopicSchema.KEY, "");
        row.setField(TableTopicSchema.METADATA, MessageLayout.metadata(schema, message, offset));
        return row;
    }

    private void upgrade() {
        lake.table().updateSchema().makeColumnOptional("key").makeColumnOptional("value")
                .addColumn(TableTopicSchema.HEADER,
                        Types.MapType.ofRequired(4, 5, Types.StringType.get(), Types.BinaryType.get()))
                .addColumn(TableTopicSchema.KEY, Types.StringType.get())
                .addColumn(TableTopicSchema.METADATA, Types.StructType.of(
                        NestedField.required(6, TableTopicSchema.PARTITION, Types.IntegerType.get()),
                        NestedField.required(7, TableTopicSchema.OFFSET, Types.LongType.get()),
                        NestedField.required(8, TableTopicSchema.TIMESTAMP, Types.LongType.get())))
                .commit();
    }

    @Test
    void datesIn1970AreNotBelieved() {
        create(AUTOMQ_1_5);
        upgrade();
        commit(upgradedRow(message(2, 5), 40, json(5)));
        SourceRead read = read();

        assertThat(spans.rows).extracting(row -> row.partition() + ":" + row.offset() + "@" + row.timestampMillis())
                .containsExactly("2:40@" + TestLake.millis(5));
        assertThat(read.cursor().nextOffsets().text()).isEqualTo("2:41");
    }

    @Test
    void rowsFromBeforeAnUpgradeAreRefusedUntilTheyAreGone() {
        create(AUTOMQ_1_5);
        commit(row15(1, json(1)));
        upgrade();
        commit(upgradedRow(message(0, 2), 7, json(2)));

        assertThatThrownBy(this::read).isInstanceOf(SourceException.class)
                .hasMessageContaining("has a row without _kafka_metadata.partition in file")
                .hasMessageContaining("delete the rows in which it is null");
        lake.table().newDelete().deleteFile(lake.files().getFirst()).commit();
        read();
        assertThat(spans.spanIds).containsExactly(2L);
    }

    /** As AutoMQ makes texts of messages. */
    private static String mangled(long span) {
        return new String(Otlp.message(Otlp.span(1, 0xfedc_ba98_0000_0000L + span)), StandardCharsets.UTF_8);
    }

    @Test
    void protobufThatBecameTextIsRefusedWithTheRemedy() {
        create(AUTOMQ_1_5);
        commit(row15(1, mangled(1)), row15(2, mangled(2)));

        assertThatThrownBy(this::read).isInstanceOf(SourceException.class)
                .hasMessageContaining("was protobuf before AutoMQ made it a text")
                .hasMessageContaining("automq.table.topic.convert.value.type=raw");
        assertThat(spans.undecodable).isEmpty();
    }

    @Test
    void aTextThatIsNoMessageIsADeadLetter() {
        create(AUTOMQ_1_5);
        commit(row15(1, "no JSON"), row15(2, "{\"a\": \"\uFFFD\"}"), row15(3, json(3)), row15(4, "{"), row15(5, ""));
        read();

        assertThat(spans.spanIds).containsExactly(3L);
        assertThat(spans.undecodable).hasSize(2).allMatch(letter -> letter.contains("not OTLP/JSON"));
    }

    @Test
    void jsonOfJaegerAndZipkinIsADeadLetterThatSaysSo() {
        create(TableTopicSchema.SCHEMA);
        List<String> values =
                List.of("""
                        {"traceId": "AAAAAAAAAAAAAAAAAAAAAQ==", "spanId": "AAAAAAAAAAE=", "operationName": "GET", "process": {}}""",
                        """
                                [{"traceId": "1", "id": "2", "name": "get"}]""", "{}", "{\"resourceSpans\": []}");
        List<Record> rows = new ArrayList<>();
        for (String value : values) {
            rows.add(TableTopicSchema.row(TableTopicSchema.SCHEMA,
                    KafkaMessage.of(0, value.getBytes(StandardCharsets.UTF_8), TestLake.millis(1)), rows.size()));
        }
        commit(rows);
        read();

        assertThat(spans.undecodable).containsExactly(
                "0:0 JSON of Jaeger, not OTLP: set the Kafka exporter's encoding to otlp_proto",
                "0:1 a list in JSON, as of Zipkin's spans, not OTLP: set the Kafka exporter's encoding to otlp_proto");
    }

    @Test
    void nestedRowsKeepNumbersThatEnumsDoNotHave() {
        NestedLayout layout = new NestedLayout(true);
        create(layout.schema());
        Span odd = Otlp.span(1, 1).toBuilder().setKindValue(99)
                .setStatus(Status.newBuilder().setCodeValue(-7)).setStartTimeUnixNano(-1).build();
        KafkaMessage message = KafkaMessage.of(0, Otlp.message(odd), TestLake.millis(1));
        List<Record> rows = layout.rows(message, 0);
        commit(rows);
        List<Span> fetched = new ArrayList<>();
        SourceRead read = read();
        lake.source().fetch(List.of(new FetchRequest(Otlp.trace(1), List.of(),
                TestLake.millis(1), TestLake.millis(1), 1, 100)), read.cursor().nextOffsets(),
                (trace, otlp, count) -> FlatSpan.of(FlatSpan.parse(otlp)).forEach(span -> fetched.add(span.span())));

        assertThat(rows.toString()).contains("UNKNOWN_ENUM_VALUE_SpanKind_99");
        assertThat(fetched).containsExactly(odd);
    }

    @Test
    void nestedRowsThatCannotBeDecodedAreDeadLettersAndEmptyOnesAreTombstones() {
        NestedLayout layout = new NestedLayout(true);
        create(layout.schema());
        Record tombstone = layout.rows(KafkaMessage.of(0, new byte[0], TestLake.millis(1)), 0).getFirst();
        Record damaged = layout.rows(message(0, 2), 1).getFirst();
        first(first(first(damaged, "resource_spans"), "scope_spans"), "spans").setField("kind", "SPAN_KIND_ODD");
        Record withoutTrace = layout.rows(message(0, 3), 2).getFirst();
        first(first(first(withoutTrace, "resource_spans"), "scope_spans"), "spans")
                .setField("trace_id", ByteBuffer.allocate(0));
        commit(tombstone, damaged, withoutTrace, layout.rows(message(0, 4), 3).getFirst());
        SourceRead read = read();

        assertThat(read.rows()).isEqualTo(4);
        assertThat(spans.spanIds).containsExactly(4L);
        assertThat(spans.undecodable).hasSize(2);
        assertThat(spans.undecodable.getFirst()).isEqualTo("0:1 not OTLP: kind cannot be \"SPAN_KIND_ODD\"");
        assertThat(spans.undecodable.getLast()).startsWith("0:2 ").contains("without a trace id");
    }

    private static Record first(Record record, String list) {
        return (Record) ((List<?>) record.getField(list)).getFirst();
    }

    @Test
    void nestedTablesMayGetMoreColumns() {
        NestedLayout layout = new NestedLayout(true);
        create(layout.schema());
        commit(layout.rows(message(0, 1), 0));
        lake.table().updateSchema().addColumn("resource_spans", "extra", Types.StringType.get())
                .addColumn("extra", Types.StringType.get()).commit();
        Schema schema = lake.table().schema();
        Record old = layout.rows(message(0, 2), 1).getFirst();
        Record resourceSpans =
                GenericRecord.create(schema.findType("resource_spans").asListType().elementType().asStructType());
        List.of("resource", "scope_spans", "schema_url").forEach(
                name -> resourceSpans.setField(name, first(old, "resource_spans").getField(name)));
        Record row = GenericRecord.create(schema);
        row.setField("resource_spans", List.of(resourceSpans));
        row.setField(TableTopicSchema.METADATA, old.getField(TableTopicSchema.METADATA));
        commit(row);
        read();

        assertThat(spans.spanIds).containsExactly(1L, 2L);
    }

    /** This is how Redpanda partitions such tables. */
    @Test
    void aTableOfRedpandaIsPartitionedByHour() {
        Schema schema = MessageLayout.REDPANDA.schema();
        create(schema, PartitionSpec.builderFor(schema).hour("redpanda.timestamp").build());
        commit(MessageLayout.REDPANDA.rows(message(1, 10), 5).getFirst(),
                MessageLayout.REDPANDA.rows(message(1, 4_000), 6).getFirst());
        SourceRead read = read();

        assertThat(lake.files()).hasSize(2);
        assertThat(spans.spanIds).containsExactlyInAnyOrder(10L, 4_000L);
        assertThat(spans.rows).extracting(row -> row.timestampMillis())
                .containsExactlyInAnyOrder(TestLake.millis(10), TestLake.millis(4_000));
        assertThat(read.cursor().nextOffsets().text()).isEqualTo("1:7");
    }

    @Test
    void twoTablesAreReadSideBySide() {
        try (TableTopicWriter topic = lake.topic();
                TableTopicWriter other = new TableTopicWriter(lake.catalog, "default.other",
                        TableTopicOptions.of(4, lake.clock))) {
            lake.commit(topic, 0, 1, 3);
            other.append(message(0, 7));
            other.commit(TableTopicWriter.CatchUp.MORE_DATA);
            AutoMqTable source = lake.source();
            AutoMqTable otherSource = new AutoMqTable(lake.catalog, "default.other", lake.options());
            CollectedSpans otherSpans = new CollectedSpans();
            SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
            SourceCursor otherCursor = otherSource.readNew(SourceCursor.START, otherSpans).cursor();
            lake.commit(topic, 0, 4, 4);
            source.readNew(cursor, spans);
            otherSource.readNew(otherCursor, otherSpans);

            assertThat(spans.spanIds).containsExactly(1L, 2L, 3L, 4L);
            assertThat(otherSpans.spanIds).containsExactly(7L);
            assertThat(otherSpans.locations()).containsExactly(0);
            assertThatThrownBy(() -> otherSource.readNew(cursor, otherSpans)).isInstanceOf(SourceException.class)
                    .hasMessageContaining("created anew");
        }
    }

    private static TableLayout own(TimeColumn arrival) {
        return new TableLayout.Records("own", List.of(), "body", MessageEncoding.OTLP, null,
                new PositionColumns("p", "o"), arrival);
    }

    private SourceRead readAs(TableLayout layout) {
        return lake.source(AutoMqTableOptions.defaults(lake.clock).withLayout(new LayoutChoice.Given(layout)))
                .readNew(SourceCursor.START, spans);
    }

    @Test
    void aTableOfNoKnownLayoutIsReadAsTheUserSays() {
        Schema schema = new Schema(NestedField.optional(1, "p", Types.IntegerType.get()),
                NestedField.optional(2, "o", Types.LongType.get()),
                NestedField.optional(3, "at", Types.TimestampNanoType.withoutZone()),
                NestedField.optional(4, "seconds", Types.LongType.get()),
                NestedField.optional(5, "body", Types.BinaryType.get()));
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), schema, PartitionSpec.unpartitioned(),
                Map.of("format-version", "3"));
        Record row = GenericRecord.create(schema);
        row.setField("p", 1);
        row.setField("o", 2L);
        row.setField("at", LocalDateTime.ofEpochSecond(TestLake.NOON.getEpochSecond(), 5_999_999, ZoneOffset.UTC));
        row.setField("seconds", TestLake.NOON.getEpochSecond());
        row.setField("body", ByteBuffer.wrap(Otlp.message(Otlp.span(1, 9))));
        commit(row);

        assertThatThrownBy(this::read).isInstanceOf(SourceException.class)
                .hasMessageContaining("p (int), o (long), at (timestamp_ns), seconds (long), body (binary)")
                .hasMessageContaining("storage.iceberg.layout");
        readAs(own(new TimeColumn("at", EpochUnit.S)));
        readAs(own(new TimeColumn("seconds", EpochUnit.S)));
        assertThat(spans.rows).extracting(read -> read.timestampMillis())
                .containsExactly(TestLake.millis(0) + 5, TestLake.millis(0));
        assertThatThrownBy(() -> readAs(own(new TimeColumn("when", EpochUnit.S)))).isInstanceOf(SourceException.class)
                .hasMessageContaining("does not fit the layout own: column when is missing");
        assertThatThrownBy(() -> readAs(own(new TimeColumn("body", EpochUnit.S)))).isInstanceOf(SourceException.class)
                .hasMessageContaining("column body is binary, but must be one of int, long, timestamp");
    }

    @Test
    void aPositionWithinAListIsRefused() {
        create(new Schema(
                NestedField.optional(1, "p", Types.ListType.ofOptional(2, Types.IntegerType.get())),
                NestedField.optional(3, "o", Types.LongType.get()), NestedField.optional(4, "at", Types.LongType.get()),
                NestedField.optional(5, "body", Types.BinaryType.get())));

        assertThatThrownBy(() -> readAs(new TableLayout.Records("own", List.of(), "body", MessageEncoding.OTLP, null,
                new PositionColumns("p.element", "o"), new TimeColumn("at", EpochUnit.MS))))
                .isInstanceOf(SourceException.class).hasMessageContaining("column p.element is within a list or map");
    }
}
