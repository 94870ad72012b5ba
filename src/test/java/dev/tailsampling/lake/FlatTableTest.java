package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.TableLayouts;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table of spans without Kafka positions, through the ports of the selector. */
class FlatTableTest {

    private static final TraceId TRACE = new TraceId(0, 1);

    private final CollectedSpans spans = new CollectedSpans();
    private TestLake lake;
    private AutoMqTable source;

    @BeforeEach
    void open() {
        lake = TestLake.inMemory();
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), FlatLayout.CLICKHOUSE.schema(),
                PartitionSpec.unpartitioned(), Map.of());
        source = source(options());
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private AutoMqTableOptions options() {
        return AutoMqTableOptions.defaults(lake.clock).withLayout(new LayoutChoice.Detected(TableLayouts.builtIn()))
                .withTableTime(TableTimeOptions.defaults(lake.clock).strict());
    }

    private AutoMqTable source(AutoMqTableOptions options) {
        return new AutoMqTable(lake.catalog, TestLake.TABLE, options);
    }

    /** Spans of trace 1, a second each, one second after the other. */
    private void commit(long firstSpan, long lastSpan) {
        Table table = lake.table();
        DataFileWriter writer = new DataFileWriter(table, 1, firstSpan, 1 << 20);
        for (long span = firstSpan; span <= lastSpan; span++) {
            RequestBuilder request = new RequestBuilder().beginResource().attribute("service.name", "cart")
                    .beginScope("lib", "").beginSpan(0, 1, span).parentSpanId(span == 1 ? 0 : 1).name("op " + span)
                    .times(nanos(span - 1), nanos(span)).status(StatusCode.OK, "");
            FlatLayout.CLICKHOUSE.rows(KafkaMessage.of(0, request.take(), 0), 0).forEach(writer::write);
        }
        AppendFiles append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        append.commit();
    }

    private static long nanos(long second) {
        return TestLake.millis(second) * 1_000_000;
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void rowsStandAtTheirCommitAndArriveWhenTheyEnd() {
        commit(1, 2);
        commit(3, 4);
        SourceRead read = source.readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).isEqualTo(numbers(1, 4));
        assertThat(spans.rows).extracting(row -> row.offset()).containsExactly(1L, 1L, 2L, 2L);
        assertThat(spans.rows).extracting(row -> row.timestampMillis()).containsExactly(TestLake.millis(1),
                TestLake.millis(2), TestLake.millis(3), TestLake.millis(4));
        assertThat(read.cursor().sequenceNumberInclusive()).isEqualTo(2);
        assertThat(read.cursor().nextOffsets().of(0)).isEqualTo(3);
        assertThat(read.caughtUp()).isTrue();
    }

    @Test
    void tableTimeIsTheNewestArrivalMinusTheSlack() {
        commit(1, 90);
        SourceRead first = source.readNew(SourceCursor.START, spans);
        commit(50, 60);
        SourceRead second = source.readNew(first.cursor(), spans);

        assertThat(first.tableTimeMillis()).isEqualTo(TestLake.millis(60));
        assertThat(second.tableTimeMillis()).as("it never goes back").isEqualTo(TestLake.millis(60));
    }

    @Test
    void rowsAreReadAgainAfterACompaction() {
        commit(1, 3);
        commit(4, 6);
        SourceCursor loaded = source.readNew(SourceCursor.START, spans).cursor();
        commit(7, 9);
        SourceCursor cursor = source.readNew(loaded, spans).cursor();
        compact(file -> true);
        commit(10, 12);
        spans.spanIds.clear();
        source(options()).readAgain(new SourceOffsets(new TreeMap<>(Map.of(0, 2L))), cursor, spans);

        assertThat(spans.spanIds).isEqualTo(numbers(4, 9));
    }

    @Test
    void nothingIsReadAgainWhereNothingWasOpen() {
        commit(1, 3);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        commit(4, 6);
        compact(file -> true);
        lake.expireSnapshots();
        spans.spanIds.clear();
        source.readAgain(source.lowestOffsets(new TreeSet<>(), cursor), cursor, spans);

        assertThat(spans.spanIds).isEmpty();
    }

    @Test
    void lowestOffsetsAreTheCommitsOfTheFiles() {
        commit(1, 3);
        commit(4, 6);
        commit(7, 9);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();

        assertThat(source.lowestOffsets(new TreeSet<>(List.of(1, 2)), cursor).of(0)).isEqualTo(2);
        assertThat(source.lowestOffsets(new TreeSet<>(), cursor).of(0)).isEqualTo(4);
    }

    private List<Long> fetched(AutoMqTable from, List<Integer> locations, long firstSecond, long lastSecond,
            SourceOffsets until) {
        List<Long> ids = new ArrayList<>();
        from.fetch(List.of(new FetchRequest(TRACE, locations, TestLake.millis(firstSecond),
                TestLake.millis(lastSecond), FetchRequest.UNKNOWN_SPAN_COUNT, 1_000)), until,
                (trace, otlp, count) -> FlatSpan.of(FlatSpan.parse(otlp))
                        .forEach(span -> ids.add(span.span().getSpanId().asReadOnlyByteBuffer().getLong())));
        Collections.sort(ids);
        return ids;
    }

    @Test
    void aTraceIsFetchedFromItsFiles() {
        commit(1, 3);
        commit(4, 6);
        commit(7, 9);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();

        assertThat(fetched(source, List.of(0, 2), 1, 9, cursor.nextOffsets())).containsExactly(1L, 2L, 3L, 7L, 8L, 9L);
        assertThat(fetched(source, List.of(), 1, 9, cursor.nextOffsets())).isEqualTo(numbers(1, 9));
        assertThat(fetched(source, List.of(), 2, 8, cursor.nextOffsets())).isEqualTo(numbers(2, 8));
    }

    @Test
    void aTraceIsFetchedOnceWhenItsFilesWereCompacted() {
        commit(1, 3);
        commit(4, 6);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        List<DataFile> files = lake.files();
        compact(file -> true);
        commit(7, 9);

        assertThat(fetched(source, List.of(0, 1), 1, 9, cursor.nextOffsets())).isEqualTo(numbers(1, 6));
        assertThat(fetched(source, List.of(), 1, 9, cursor.nextOffsets())).as("what was appended later is left out")
                .isEqualTo(numbers(1, 6));
        lake.table().io().deleteFile(files.getFirst().location());
        assertThat(fetched(source, List.of(0, 1), 1, 6, cursor.nextOffsets())).isEqualTo(numbers(1, 6));
    }

    private void compact(Predicate<DataFile> selected) {
        lake.compact(selected);
    }
}
