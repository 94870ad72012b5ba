package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.config.TableLayouts;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of a topic's table, by their offsets. */
class TableRowsTest {

    private static final int BEYOND_LOCATION = OffsetLocations.RECORDS;

    private final AtomicInteger loads = new AtomicInteger();
    private TestLake lake;
    private TableTopicWriter topic;
    private TableRows rows;
    private final Fetched fetched = new Fetched();

    /** The spans that came, by trace. */
    private static final class Fetched implements SpanFetcher.Receiver {

        private final Map<TraceId, List<byte[]>> parts = new LinkedHashMap<>();
        private Runnable onFirst = () -> {};
        private int most = Integer.MAX_VALUE;

        @Override
        public void spans(TraceId traceId, byte[] otlp, int spanCount) {
            assertThat(Otlp.spanIds(otlp)).hasSize(spanCount);
            parts.computeIfAbsent(traceId, unseen -> new ArrayList<>()).add(otlp);
            onFirst.run();
            onFirst = () -> {};
            most--;
        }

        @Override
        public boolean wantsMore() {
            return most > 0;
        }

        List<Long> spansOf(int trace) {
            return parts.getOrDefault(Otlp.trace(trace), List.of()).stream()
                    .flatMap(part -> Otlp.spanIds(part).stream()).toList();
        }
    }

    @BeforeEach
    void open() {
        InMemoryCatalog catalog = new InMemoryCatalog() {
            @Override
            public Table loadTable(TableIdentifier identifier) {
                loads.incrementAndGet();
                return super.loadTable(identifier);
            }
        };
        catalog.initialize("counting", Map.of());
        lake = TestLake.of(catalog);
        topic = lake.topic();
        rows = rows();
    }

    @AfterEach
    void close() {
        topic.close();
        lake.close();
    }

    private TableRows rows() {
        return new TableRows(lake.catalog, TestLake.TABLE, lake.options());
    }

    private void append(int partition, long second, Span... spans) {
        topic.append(KafkaMessage.of(partition, Otlp.message(spans), TestLake.millis(second)));
    }

    /** Records of trace 99, one a second. */
    private void fill(int partition, long fromSecond, int records) {
        for (int i = 0; i < records; i++) {
            append(partition, fromSecond + i, Otlp.span(99, fromSecond + i));
        }
    }

    private void commit() {
        topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
    }

    private static FetchRequest request(int trace, int spanCount, Integer... locations) {
        return new FetchRequest(Otlp.trace(trace), List.of(locations), TestLake.millis(0), TestLake.millis(100_000),
                spanCount, 100);
    }

    private void fetch(int partition, FetchRequest... requests) {
        rows.fetch(partition, Arrays.asList(requests), 0, Long.MAX_VALUE, fetched);
    }

    /** Trace 1 at offsets 0 and 300 of partition 0, and at 0 of partition 1; trace 2 at offset 1. */
    private void twoCommits() {
        append(0, 1, Otlp.span(1, 11));
        append(0, 2, Otlp.span(2, 21), Otlp.span(3, 31));
        append(1, 2, Otlp.span(1, 12));
        fill(0, 3, 298);
        commit();
        append(0, 301, Otlp.span(1, 13));
        commit();
    }

    @Test
    void locationsFindTheSpansOfAPartition() {
        twoCommits();
        fetch(0, request(1, 0, 0, 1), request(2, 0, 0));

        assertThat(fetched.spansOf(1)).containsExactly(11L, 13L);
        assertThat(fetched.spansOf(2)).containsExactly(21L);
        assertThat(fetched.parts).hasSize(2);
    }

    @Test
    void otherLocationsAreLeftOut() {
        twoCommits();
        fetch(0, request(1, 0, 1), request(2, 0, 7));

        assertThat(fetched.spansOf(1)).containsExactly(13L);
        assertThat(fetched.spansOf(2)).isEmpty();
    }

    @Test
    void offsetsBeyondTheBoundsAreLeftOut() {
        twoCommits();
        rows.fetch(0, List.of(request(1, 0, 0, 1)), 1, 301, fetched);
        assertThat(fetched.spansOf(1)).containsExactly(13L);

        rows.fetch(0, List.of(request(2, 0, 0), request(3, 0, 0, 1)), 0, 1, fetched);
        assertThat(fetched.parts).hasSize(1);
    }

    @Test
    void spansThatArrivedAtAnotherTimeBelongToAnotherDecision() {
        twoCommits();
        rows.fetch(0, List.of(new FetchRequest(Otlp.trace(1), List.of(0, 1), TestLake.millis(1), TestLake.millis(2), 0,
                100)), 0, Long.MAX_VALUE, fetched);

        assertThat(fetched.spansOf(1)).containsExactly(11L);
    }

    /** Records of one stretch often have one timestamp, so that the time alone does not part two decisions. */
    @Test
    void spansThatStandBeforeTheFirstOneBelongToAnEarlierDecision() {
        for (long span = 11; span <= 14; span++) {
            append(0, 1, Otlp.span(1, span));
        }
        commit();
        rows.fetch(0,
                List.of(new FetchRequest(Otlp.trace(1), List.of(0), TestLake.millis(1), TestLake.millis(1), 0, 100,
                        2)),
                0, Long.MAX_VALUE, fetched);

        assertThat(fetched.spansOf(1)).containsExactly(13L, 14L);
    }

    @Test
    void withoutLocationsTheArrivalTimesTell() {
        twoCommits();
        FetchRequest byTime = new FetchRequest(Otlp.trace(1), List.of(), TestLake.millis(1), TestLake.millis(301), 0,
                100);
        rows.fetch(0, List.of(byTime, request(2, 0, 0)), 0, Long.MAX_VALUE, fetched);

        assertThat(fetched.spansOf(1)).containsExactly(11L, 13L);
        assertThat(fetched.spansOf(2)).containsExactly(21L);
    }

    @Test
    void aRecordInTwoFilesComesOnce() {
        twoCommits();
        lake.commitAgain(lake.files());
        fetch(0, request(1, 0, 0, 1));
        assertThat(fetched.spansOf(1)).containsExactly(11L, 13L);

        lake.compact(file -> file.dataSequenceNumber() < 3);
        fetched.parts.clear();
        fetch(0, request(1, 0, 0, 1), request(2, 0));
        assertThat(fetched.spansOf(1)).containsExactlyInAnyOrder(11L, 13L);
        assertThat(fetched.spansOf(2)).containsExactly(21L);
    }

    @Test
    void aTraceOfWhichAllSpansWereFoundIsNotLookedForInOtherFiles() {
        twoCommits();
        fetch(0, request(1, 1, 0, 1));

        assertThat(fetched.spansOf(1)).containsExactly(11L);
    }

    @Test
    void aReceiverThatWantsNoMoreGetsNoMore() {
        twoCommits();
        fetched.most = 0;
        fetch(0, request(1, 0, 0, 1));

        assertThat(fetched.parts).isEmpty();
    }

    @Test
    void aLargeTraceComesInParts() {
        for (int i = 0; i < 50; i++) {
            append(0, i, Otlp.span(1, 100 + i, "x".repeat(1_000)));
        }
        commit();
        TableRows small = new TableRows(lake.catalog, TestLake.TABLE, lake.options().withFetchLimits(5_000, 3_000));
        small.fetch(0, List.of(new FetchRequest(Otlp.trace(1), List.of(0), 0, Long.MAX_VALUE, 50, 50_000)), 0,
                Long.MAX_VALUE, fetched);

        assertThat(fetched.spansOf(1)).hasSize(50).doesNotHaveDuplicates();
        assertThat(fetched.parts.get(Otlp.trace(1))).extracting(part -> part.length).hasSizeGreaterThan(10)
                .allMatch(length -> length <= 3_000);
    }

    /** Two batches: the first is delivered, then its files are compacted away and deleted. */
    @Test
    void aFetchGoesOnWhereItWasWhenAFileVanishes() {
        twoCommits();
        TableRows small = new TableRows(lake.catalog, TestLake.TABLE, lake.options().withFetchLimits(100, 3_000));
        fetched.onFirst = () -> {
            lake.compact(file -> true);
            lake.expireSnapshots();
        };
        loads.set(0);
        small.fetch(0, List.of(request(1, 0, 0, 1), request(2, 0, 0), request(3, 0, 0)), 0, Long.MAX_VALUE, fetched);

        assertThat(fetched.spansOf(1)).containsExactly(11L, 13L);
        assertThat(fetched.spansOf(2)).containsExactly(21L);
        assertThat(fetched.spansOf(3)).containsExactly(31L);
    }

    @Test
    void theCatalogIsAskedOncePerCall() {
        twoCommits();
        loads.set(0);
        fetch(0, request(1, 0, 0, 1), request(2, 0), request(3, 0, 1));
        assertThat(loads).hasValue(1);
        assertThat(rows.endOffsetExclusive(0)).isEqualTo(301);
        assertThat(rows.endOffsetExclusive(1)).isEqualTo(1);
        assertThat(loads).hasValue(3);
    }

    @Test
    void aPartitionEndsAfterItsGreatestOffset() {
        assertThat(rows.endOffsetExclusive(0)).as("no table").isZero();
        append(0, 1, Otlp.span(1, 11));
        append(3, 1, Otlp.span(1, 12));
        assertThat(rows.endOffsetExclusive(0)).as("not committed").isZero();
        commit();
        assertThat(rows.endOffsetExclusive(0)).isEqualTo(1);
        assertThat(rows.endOffsetExclusive(1)).isZero();
        fill(0, 2, 20);
        fill(1, 2, 5);
        commit();
        fill(1, 7, 5);
        commit();

        for (TableRows reader : List.of(rows, rows())) {
            assertThat(reader.endOffsetExclusive(0)).isEqualTo(21);
            assertThat(reader.endOffsetExclusive(1)).isEqualTo(10);
            assertThat(reader.endOffsetExclusive(3)).isEqualTo(1);
        }
    }

    /** The newest file has old rows of it, and snapshots that would tell of its last commit are gone. */
    @Test
    void anIdlePartitionEndsWhereItEndedAfterACompactionOfItsOlderFiles() {
        fill(0, 1, 10);
        fill(2, 1, 10);
        commit();
        fill(0, 11, 10);
        fill(2, 11, 3);
        commit();
        fill(0, 21, 10);
        commit();
        lake.compact(file -> file.dataSequenceNumber() < 2);
        lake.expireSnapshots();

        assertThat(rows().endOffsetExclusive(2)).isEqualTo(13);
        assertThat(rows().endOffsetExclusive(0)).isEqualTo(30);
    }

    /** Else each look-up after a start would read the positions in all files. */
    @Test
    void filesBeforeACommitWithThePartitionAreNotLookedAt() {
        for (int commit = 0; commit < 10; commit++) {
            fill(0, 100 * commit, 50);
            fill(1, 100 * commit, 5);
            commit();
        }
        assertThat(rows.endOffsetExclusive(1)).isEqualTo(50);
        long first = rows.stats().bytesDecompressed();
        assertThat(first).isPositive();
        assertThat(rows.endOffsetExclusive(0)).isEqualTo(500);
        assertThat(rows.stats().bytesDecompressed()).as("the same file").isEqualTo(first);
        assertThat(lake.files()).hasSize(10);
        assertThat(first).isLessThan(10 * 55 * 12);
    }

    @Test
    void aTableThatIsMadeAnewBeginsAnew() {
        twoCommits();
        assertThat(rows.endOffsetExclusive(0)).isEqualTo(301);
        lake.drop();
        topic = lake.topic();
        fill(0, 1, 2);
        commit();

        assertThat(rows.endOffsetExclusive(0)).isEqualTo(2);
    }

    static Stream<WrittenLayout> withPositions() {
        return Stream.of(MessageLayout.AUTOMQ_RAW, MessageLayout.AUTOMQ_STRING, new NestedLayout(true),
                new NestedLayout(false));
    }

    private TableRows written(WrittenLayout layout) {
        TableName name = TableName.of("default.written");
        Table table = lake.catalog.findOrCreate(name, layout.schema(), PartitionSpec.unpartitioned(),
                Map.of("format-version", "2"));
        DataFileWriter writer = new DataFileWriter(table, 1, 1, 64 << 20);
        for (int offset = 0; offset < 3 * BEYOND_LOCATION; offset++) {
            layout.rows(KafkaMessage.of(2, Otlp.message(Otlp.span(1 + offset % 7, offset)), TestLake.millis(offset)),
                    offset).forEach(writer::write);
        }
        AppendFiles append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        append.commit();
        return new TableRows(lake.catalog, "default.written",
                lake.options().withLayout(new LayoutChoice.Detected(TableLayouts.builtIn())));
    }

    @ParameterizedTest
    @MethodSource("withPositions")
    void otherLayoutsWithPositionsAreReadAsWell(WrittenLayout layout) {
        TableRows written = written(layout);
        written.fetch(2, List.of(request(3, 0, 1)), 0, Long.MAX_VALUE, fetched);

        assertThat(fetched.spansOf(3)).hasSizeBetween(36, 37).allMatch(offset -> offset % 7 == 2
                && OffsetLocations.of(offset) == 1);
        assertThat(written.endOffsetExclusive(2)).isEqualTo(3 * BEYOND_LOCATION);
    }

    @Test
    void aTableWithoutPositionsIsRefused() {
        TableRows clickhouse = written(FlatLayout.all().stream()
                .filter(layout -> layout.name().equals("clickhouse")).findFirst().orElseThrow());

        assertThatThrownBy(() -> clickhouse.endOffsetExclusive(0)).isInstanceOf(SourceException.class)
                .hasMessageContaining("table default.written does not say which Kafka record a row is");
        assertThatThrownBy(() -> clickhouse.fetch(0, List.of(request(1, 0, 0)), 0, 9, fetched))
                .isInstanceOf(SourceException.class);
    }
}
