package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading what AutoMQ writes, in the forms that its configuration allows. */
class AutoMqTableReadTest {

    private TestLake lake;
    private AutoMqTable source;
    private TableTopicWriter topic;
    private final CollectedSpans spans = new CollectedSpans();
    private long writerOffset;

    @BeforeEach
    void open() {
        lake = TestLake.inMemory();
        source = lake.source();
        topic = lake.topic();
    }

    @AfterEach
    void close() {
        topic.close();
        lake.close();
    }

    @Test
    void everyCommittedSpanIsReadOnceAndInOrder() {
        lake.commit(topic, 0, 1, 3);
        SourceRead first = source.readNew(SourceCursor.START, spans);
        lake.commit(topic, 0, 4, 6);
        lake.commit(topic, 1, 7, 8);
        SourceRead second = source.readNew(first.cursor(), spans);

        assertThat(spans.spanIds).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(first.cursor().nextOffsets().text()).isEqualTo("0:3");
        assertThat(second.cursor().nextOffsets().text()).isEqualTo("0:6,1:2");
        assertThat(second.cursor().sequenceNumberInclusive()).isEqualTo(3);
        assertThat(second.rows()).isEqualTo(5);
        assertThat(second.files()).isEqualTo(2);
        assertThat(second.caughtUp()).isTrue();
        assertThat(second.bytes()).isPositive();
    }

    @Test
    void whatOneReadLeavesIsPending() {
        AutoMqTable slow = lake.source(lake.options().withMaxBytesPerRead(1));
        lake.commit(topic, 0, 1, 3);
        lake.commit(topic, 0, 4, 5);
        lake.commit(topic, 1, 6, 6);
        SourceRead first = slow.readNew(SourceCursor.START, spans);
        SourceRead second = slow.readNew(first.cursor(), spans);
        lake.commit(topic, 1, 7, 10);
        SourceRead third = slow.readNew(second.cursor(), spans);
        SourceRead last = slow.readNew(third.cursor(), spans);

        assertThat(List.of(first, second, third, last)).extracting(SourceRead::rowsPending)
                .containsExactly(3L, 1L, 4L, 0L);
        assertThat(last.caughtUp()).isTrue();
    }

    @Test
    void nothingNewIsAnEmptyRead() {
        lake.commit(topic, 0, 1, 3);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        SourceRead again = source.readNew(cursor, spans);

        assertThat(again.cursor()).isEqualTo(cursor);
        assertThat(again.files()).isZero();
        assertThat(spans.spanIds).hasSize(3);
    }

    @Test
    void aRowSaysWhereItStoodInKafkaAndInTheLake() {
        lake.commit(topic, 2, 5, 6);
        lake.commit(topic, 3, 7, 7);
        source.readNew(SourceCursor.START, spans);

        assertThat(spans.rows).extracting(row -> row.partition() + ":" + row.offset() + "@" + row.timestampMillis())
                .containsExactly("2:0@" + TestLake.millis(5), "2:1@" + TestLake.millis(6),
                        "3:0@" + TestLake.millis(7));
        assertThat(spans.rows).extracting(row -> row.location()).containsExactly(0, 0, 1);
    }

    @Test
    void aTableThatDoesNotExistYetIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> source.readNew(SourceCursor.START, spans)).isInstanceOf(SourceException.class)
                .hasMessageContaining("default.otel.traces-raw does not exist (yet)")
                .hasMessageContaining("automq.table.topic.enable=true");
        lake.commit(topic, 0, 1, 1);
        source.readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).containsExactly(1L);
    }

    @Test
    void aTableWithoutSnapshotIsAnEmptyRead() {
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), TableTopicSchema.SCHEMA, TableTopicSchema.spec(0),
                TableTopicSchema.PROPERTIES);
        SourceRead read = source.readNew(SourceCursor.START, spans);

        assertThat(read.caughtUp()).isTrue();
        assertThat(read.rows()).isZero();
        assertThat(read.cursor().tableId()).isEqualTo(lake.table().uuid().toString());
        assertThat(read.cursor().tableTimeMillis()).isEqualTo(SourceCursor.NO_TABLE_TIME);
        lake.commit(topic, 0, 1, 1);
        assertThat(source.readNew(read.cursor(), spans).rows()).isEqualTo(1);
    }

    @Test
    void aTableOfAnotherLayoutIsNamedWithItsColumns() {
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), new Schema(
                Types.NestedField.required(1, "key", Types.StringType.get()),
                Types.NestedField.required(2, "value", Types.DoubleType.get()),
                Types.NestedField.required(3, "timestamp", Types.TimestampType.withZone())),
                PartitionSpec.unpartitioned(),
                Map.of());

        assertThatThrownBy(() -> source.readNew(SourceCursor.START, spans)).isInstanceOf(SourceException.class)
                .hasMessageContaining("key (string), value (double), timestamp (timestamptz)")
                .hasMessageContaining("_kafka_value").hasMessageContaining("convert.value.type=raw");
    }

    @Test
    void aTableCreatedAnewIsRefused() {
        lake.commit(topic, 0, 1, 3);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        lake.drop();
        try (TableTopicWriter anew = lake.topic()) {
            lake.commit(anew, 0, 4, 4);
        }

        assertThatThrownBy(() -> source.readNew(cursor, spans)).isInstanceOf(SourceException.class)
                .hasMessageContaining("created anew").hasMessageContaining(cursor.tableId());
    }

    @Test
    void emptyValuesAreRowsWithoutSpans() {
        topic.append(KafkaMessage.of(0, new byte[0], TestLake.millis(1)));
        lake.commit(topic, 0, 2, 2);
        SourceRead read = source.readNew(SourceCursor.START, spans);

        assertThat(read.rows()).isEqualTo(2);
        assertThat(read.cursor().nextOffsets().of(0)).isEqualTo(2);
        assertThat(spans.spanIds).containsExactly(2L);
        assertThat(spans.undecodable).isEmpty();
    }

    @Test
    void undecodableValuesAreReportedAndPassed() {
        topic.append(KafkaMessage.of(1, new byte[]{0x7f, 1, 2, 3}, TestLake.millis(1)));
        lake.commit(topic, 1, 2, 2);
        SourceRead read = source.readNew(SourceCursor.START, spans);

        assertThat(read.rows()).isEqualTo(2);
        assertThat(spans.undecodable).singleElement().asString().startsWith("1:0 not OTLP protobuf");
        assertThat(spans.spanIds).containsExactly(2L);
    }

    private static String json(long span) {
        return """
                {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "%s", "spanId": "%016x", "name": "json"}]}]}]}"""
                .formatted(Otlp.trace(1).hex(), span);
    }

    @Test
    void jsonIsRecognizedByItsBrace() {
        topic.append(KafkaMessage.of(0, json(1).getBytes(StandardCharsets.UTF_8), TestLake.millis(1)));
        topic.append(KafkaMessage.of(0, "{\"resourceSpans\": 7}".getBytes(StandardCharsets.UTF_8), TestLake.millis(1)));
        lake.commit(topic, 0, 2, 2);
        source.readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).containsExactly(1L, 2L);
        assertThat(spans.undecodable).singleElement().asString().startsWith("0:1 not OTLP/JSON");
    }

    @Test
    void jsonMayStandInAStringColumn() {
        List<NestedField> columns = new ArrayList<>(TableTopicSchema.SCHEMA.columns());
        columns.set(0, NestedField.optional(1, "_kafka_value", Types.StringType.get()));
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), new Schema(columns), TableTopicSchema.spec(0),
                TableTopicSchema.PROPERTIES);
        Table table = lake.table();
        DataFileWriter writer = new DataFileWriter(table, 1, 1, 1 << 20);
        List<String> values = Arrays.asList(json(1), "", null, "  " + json(2), "text");
        for (String value : values) {
            Record row = TableTopicSchema.row(table.schema(), KafkaMessage.of(0, new byte[0], 0), writerOffset++);
            row.setField("_kafka_value", value);
            writer.write(row);
        }
        AppendFiles append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        append.commit();
        SourceRead read = source.readNew(SourceCursor.START, spans);

        assertThat(read.rows()).isEqualTo(5);
        assertThat(spans.spanIds).containsExactly(1L, 2L);
        assertThat(spans.undecodable).singleElement().asString().startsWith("0:4 not OTLP/JSON");
    }

    @Test
    void aRowWithoutMetadataIsRefused() {
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), TableTopicSchema.SCHEMA, TableTopicSchema.spec(0),
                TableTopicSchema.PROPERTIES);
        Table table = lake.table();
        DataFileWriter writer = new DataFileWriter(table, 1, 1, 1 << 20);
        writer.write(GenericRecord.create(table.schema()));
        AppendFiles append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        append.commit();

        assertThatThrownBy(() -> source.readNew(SourceCursor.START, spans)).isInstanceOf(SourceException.class)
                .hasMessageContaining("has a row without _kafka_metadata");
    }

    @Test
    void offsetsMayHaveGaps() {
        try (TableTopicWriter gaps = lake.topic(TableTopicOptions.of(1, lake.clock).withGaps(2, 7))) {
            lake.commit(gaps, 0, 1, 50);
            SourceRead first = source.readNew(SourceCursor.START, spans);
            lake.commit(gaps, 0, 51, 100);
            source.readNew(first.cursor(), spans);

            assertThat(first.cursor().nextOffsets().of(0)).isGreaterThan(60);
            assertThat(spans.spanIds).containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
        }
    }

    @Test
    void timestampsMayBeOutOfOrder() {
        for (long second : List.of(9, 3, 7, 1)) {
            topic.append(KafkaMessage.of(0, Otlp.message(Otlp.span(1, second)), TestLake.millis(second)));
        }
        topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
        source.readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).containsExactly(9L, 3L, 7L, 1L);
    }

    @Test
    void aNewPartitionIsReadFromItsBeginning() {
        lake.commit(topic, 0, 1, 3);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        lake.commit(topic, 3, 4, 5);
        SourceRead read = source.readNew(cursor, spans);

        assertThat(spans.spanIds).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(read.cursor().nextOffsets().text()).isEqualTo("0:3,3:2");
    }

    @Test
    void aColumnMayBeAdded() {
        lake.commit(topic, 0, 1, 2);
        lake.table().updateSchema().addColumn("extra", Types.StringType.get())
                .addColumn(TableTopicSchema.METADATA, "topic", Types.StringType.get()).commit();
        try (TableTopicWriter after = lake.topic()) {
            lake.commit(after, 0, 3, 4);
        }

        assertThat(lake.allSpans()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void theSpecMayEvolve() {
        lake.commit(topic, 0, 1, 4);
        lake.table().updateSpec().addField(Expressions.bucket("_kafka_key", 4)).commit();
        commitKeyed(5, 12);
        lake.table().updateSpec().removeField(Expressions.bucket("_kafka_key", 4))
                .addField(Expressions.truncate("_kafka_metadata.timestamp", 3_600_000)).commit();
        commitKeyed(13, 20);
        SourceRead read = source.readNew(SourceCursor.START, spans);

        assertThat(lake.table().specs()).hasSize(3);
        assertThat(spans.spanIds).containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 20).boxed().toList());
        assertThat(read.cursor().nextOffsets().text()).isEqualTo("0:4,1:16");
    }

    private void commitKeyed(long firstSpan, long lastSpan) {
        try (TableTopicWriter keyed = lake.topic()) {
            for (long span = firstSpan; span <= lastSpan; span++) {
                keyed.append(
                        new KafkaMessage(1, Otlp.trace((int) span).hex(), Otlp.message(Otlp.span((int) span, span)),
                                TestLake.millis(span * 600), Map.of("source", new byte[]{1})));
            }
            keyed.commit(TableTopicWriter.CatchUp.MORE_DATA);
        }
    }

    /** Iceberg 1.6.1 reads the whole metadata struct as null from such tables. */
    @Test
    void theTableMayBePartitionedByKafkaPartition() {
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), TableTopicSchema.SCHEMA, TableTopicSchema.spec(0),
                TableTopicSchema.PROPERTIES);
        lake.table().updateSpec().addField("_kafka_metadata.partition").commit();
        topic.append(KafkaMessage.of(0, Otlp.message(Otlp.span(1, 1)), TestLake.millis(1)));
        lake.commit(topic, 3, 2, 3);
        source.readNew(SourceCursor.START, spans);

        assertThat(lake.files()).hasSize(2);
        assertThat(spans.rows).extracting(row -> row.partition() + ":" + row.offset())
                .containsExactlyInAnyOrder("0:0", "3:0", "3:1");
    }

    @Test
    void aTableOfFormatVersionOneIsRead() {
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), TableTopicSchema.SCHEMA, TableTopicSchema.spec(0),
                Map.of("format-version", "1"));
        lake.commit(topic, 0, 1, 3);
        SourceCursor first = source.readNew(SourceCursor.START, spans).cursor();
        lake.commit(topic, 0, 4, 6);
        SourceCursor second = source.readNew(first, spans).cursor();
        lake.table().updateProperties().set("format-version", "2").commit();
        try (TableTopicWriter upgraded = lake.topic()) {
            lake.commit(upgraded, 0, 7, 9);
        }
        SourceCursor third = source.readNew(second, spans).cursor();

        assertThat(spans.spanIds).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(third.sequenceNumberInclusive()).isPositive();
        assertThat(source.readNew(third, spans).files()).isZero();
    }

    @Test
    void aTableOfFormatVersionThreeIsRead() {
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), TableTopicSchema.SCHEMA, TableTopicSchema.spec(0),
                Map.of("format-version", "3"));
        lake.commit(topic, 0, 1, 3);
        lake.compact(file -> true);
        lake.commit(topic, 0, 4, 6);

        assertThat(lake.allSpans()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void rowsAreReadAgainBetweenTwoPositions() {
        lake.commit(topic, 0, 1, 5);
        lake.commit(topic, 1, 6, 9);
        SourceCursor cursor = source.readNew(SourceCursor.START, new CollectedSpans()).cursor();
        lake.commit(topic, 0, 10, 12);
        lake.source().readAgain(new SourceOffsets(new TreeMap<>(Map.of(0, 3L, 1, 1L))), cursor, spans);

        assertThat(spans.spanIds).containsExactly(4L, 5L, 7L, 8L, 9L);
    }

    @Test
    void lowestOffsetsAreThoseOfTheNamedLocations() {
        lake.commit(topic, 0, 1, 5);
        lake.commit(topic, 1, 6, 9);
        lake.commit(topic, 0, 10, 12);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();

        assertThat(source.lowestOffsets(new TreeSet<>(List.of()), cursor).text()).isEqualTo("0:8,1:4");
        assertThat(source.lowestOffsets(new TreeSet<>(List.of(2)), cursor).text()).isEqualTo("0:5,1:4");
        assertThat(source.lowestOffsets(new TreeSet<>(List.of(0, 1)), cursor).text()).isEqualTo("0:0,1:0");
        source.forgetAllBut(new TreeSet<>(List.of(2)));
        assertThat(source.lowestOffsets(new TreeSet<>(List.of(0, 1, 2)), cursor).text())
                .isEqualTo("0:5,1:4");
    }

    @Test
    void aFileReadAgainKeepsItsNumberUntilItIsForgotten() {
        lake.commit(topic, 0, 1, 5);
        lake.commit(topic, 0, 6, 9);
        SourceCursor cursor = source.readNew(SourceCursor.START, new CollectedSpans()).cursor();
        source.forgetAllBut(new TreeSet<>(List.of(1)));
        source.readAgain(SourceOffsets.NONE, cursor, spans);

        assertThat(spans.locations()).containsExactly(1, 2);
        assertThat(spans.rows.getFirst().location()).isEqualTo(2);
    }
}
