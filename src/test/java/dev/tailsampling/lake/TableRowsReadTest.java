package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.ReadStats;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.TableProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is decompressed to read a trace again whose offsets are known, against reading it by the times of its arrival: four
 * hours of a partition, a commit every eight minutes.
 */
class TableRowsReadTest {

    private static final long SEED = 20261126;
    private static final int COMMITS = 30;
    private static final int RECORDS_PER_COMMIT = 4_096;
    private static final int SECONDS_PER_COMMIT = 480;
    /** Of about 256 records, as AutoMQ's pages of 1 MiB have where a record has 4 KiB. */
    private static final int PAGE_BYTES = 64 << 10;
    private static final int LONG = 1;
    private static final int LARGE = 2;
    private static final int OTHERS = 3;
    private static final int RECORDS_OF_LONG = 2 * COMMITS;
    private static final int SPANS_OF_LARGE = 20_000;
    private static final int SPANS_PER_RECORD = 50;

    private final Random random = new Random(SEED);
    private final Map<Integer, TreeSet<Integer>> locations = new TreeMap<>();
    private final Map<Integer, List<Long>> arrivals = new TreeMap<>();
    private TestLake lake;
    private long spans;

    @BeforeEach
    void write() {
        lake = TestLake.inMemory();
        try (TableTopicWriter topic = lake.topic()) {
            append(topic, OTHERS, 0, 1);
            topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
            lake.table().updateProperties()
                    .set(TableProperties.PARQUET_PAGE_SIZE_BYTES, Integer.toString(PAGE_BYTES)).commit();
        }
        try (TableTopicWriter topic = lake.topic()) {
            for (int commit = 0; commit < COMMITS; commit++) {
                commit(topic, commit);
            }
        }
    }

    @AfterEach
    void close() {
        lake.close();
    }

    /** Two records of the long trace in each commit, all of the large one's in two of them. */
    private void commit(TableTopicWriter topic, int commit) {
        int first = random.nextInt(RECORDS_PER_COMMIT / 4, RECORDS_PER_COMMIT / 2);
        int second = random.nextInt(RECORDS_PER_COMMIT / 2, RECORDS_PER_COMMIT - 200);
        for (int i = 0; i < RECORDS_PER_COMMIT; i++) {
            long time = (long) SECONDS_PER_COMMIT * commit + (long) SECONDS_PER_COMMIT * i / RECORDS_PER_COMMIT;
            boolean large = commit == 15 && i >= RECORDS_PER_COMMIT - 200 || commit == 16 && i < 200;
            append(topic, i == first || i == second ? LONG : large ? LARGE : OTHERS, time,
                    large ? SPANS_PER_RECORD : 1);
        }
        topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
    }

    private void append(TableTopicWriter topic, int trace, long second, int count) {
        List<Span> message = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            message.add(Otlp.span(trace, ++spans, noise()));
        }
        long offset = topic.append(KafkaMessage.of(0, Otlp.message(message), TestLake.millis(second)));
        arrivals.computeIfAbsent(trace, unseen -> new ArrayList<>()).add(TestLake.millis(second));
        locations.computeIfAbsent(trace, unseen -> new TreeSet<>()).add(OffsetLocations.of(offset));
    }

    /** It does not compress. */
    private String noise() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            text.append((char) (' ' + random.nextInt(94)));
        }
        return text.toString();
    }

    private record Read(ReadStats stats, int spans) {}

    private FetchRequest request(int trace, int spanCount, List<Integer> places) {
        return new FetchRequest(Otlp.trace(trace), places, arrivals.get(trace).getFirst(),
                arrivals.get(trace).getLast(), spanCount, 200L * spanCount);
    }

    private Read byOffsets(int trace, int spanCount) {
        TableRows rows = new TableRows(lake.catalog, TestLake.TABLE, lake.options());
        Counter counter = new Counter();
        rows.fetch(0, List.of(request(trace, spanCount, List.copyOf(locations.get(trace)))), 0,
                Long.MAX_VALUE, counter);
        return new Read(rows.stats(), counter.spans);
    }

    private Read byArrival(int trace, int spanCount) {
        AutoMqTable table = lake.source();
        Counter counter = new Counter();
        table.fetch(List.of(request(trace, spanCount, List.of())),
                new SourceOffsets(new TreeMap<>(Map.of(0, Long.MAX_VALUE))), counter);
        return new Read(table.stats(), counter.spans);
    }

    private static final class Counter implements dev.tailsampling.selector.SpanFetcher.Receiver {
        private int spans;

        @Override
        public void spans(TraceId traceId, byte[] otlp, int spanCount) {
            spans += spanCount;
        }
    }

    private static void print(String trace, Read byOffsets, Read byArrival) {
        System.out.printf("%s: by offsets %d KiB decompressed, %d pages skipped; by arrival %d KiB, %d pages skipped%n",
                trace, byOffsets.stats.bytesDecompressed() >> 10, byOffsets.stats.pagesSkipped(),
                byArrival.stats.bytesDecompressed() >> 10, byArrival.stats.pagesSkipped());
    }

    @Test
    void ofALongTraceThePagesNearItsRecordsAreRead() {
        Read byOffsets = byOffsets(LONG, RECORDS_OF_LONG);
        Read byArrival = byArrival(LONG, RECORDS_OF_LONG);

        print("60 records in four hours", byOffsets, byArrival);
        assertThat(byOffsets.spans).isEqualTo(RECORDS_OF_LONG);
        assertThat(byArrival.spans).isEqualTo(RECORDS_OF_LONG);
        assertThat(byOffsets.stats.bytesDecompressed() * 3).isLessThan(byArrival.stats.bytesDecompressed());
    }

    @Test
    void ofALargeTraceNoMoreIsReadThanByTheTimesOfItsArrival() {
        Read byOffsets = byOffsets(LARGE, SPANS_OF_LARGE);
        Read byArrival = byArrival(LARGE, SPANS_OF_LARGE);

        print("20,000 spans in four minutes", byOffsets, byArrival);
        assertThat(byOffsets.spans).isEqualTo(SPANS_OF_LARGE);
        assertThat(byArrival.spans).isEqualTo(SPANS_OF_LARGE);
        assertThat(byOffsets.stats.bytesDecompressed()).isLessThanOrEqualTo(byArrival.stats.bytesDecompressed());
    }
}
