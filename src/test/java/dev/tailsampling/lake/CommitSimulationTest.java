package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.TableLayouts;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commits, reads, restarts, compactions of both kinds and expiry in random order, on a table without Kafka positions: no
 * span is delivered twice, and none is missing, unless the reader refused to go on. {@code -Dlake.seeds=n} runs more.
 */
class CommitSimulationTest {

    private static final int STEPS = 25;

    private final CollectedSpans delivered = new CollectedSpans();
    private TestLake lake;
    private Random random;
    private AutoMqTable source;
    private SourceCursor cursor = SourceCursor.START;
    private long nextSpan = 1;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("lake.seeds", 12));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void eachSpanIsDeliveredOnceOrReadingIsRefused(long seed) {
        random = new Random(seed);
        try (TestLake opened = TestLake.inMemory()) {
            lake = opened;
            lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), FlatLayout.CLICKHOUSE.schema(),
                    PartitionSpec.unpartitioned(), Map.of());
            source = lake.source(options());
            commit();
            boolean refused = runs(seed);

            assertThat(delivered.spanIds).as("seed %s", seed).doesNotHaveDuplicates();
            if (!refused) {
                assertThat(delivered.spanIds).as("seed %s", seed)
                        .containsExactlyInAnyOrderElementsOf(LongStream.range(1, nextSpan).boxed().toList());
                assertEverySpanCanBeFetched(seed);
            }
        }
    }

    /** Whether it ended with a refusal. */
    private boolean runs(long seed) {
        try {
            for (int step = 0; step < STEPS; step++) {
                step();
                assertThat(delivered.spanIds).as("seed %s, step %s", seed, step).doesNotHaveDuplicates();
            }
            while (!read().caughtUp()) {
                continue;
            }
            return false;
        } catch (SourceException e) {
            assertThat(e).as("seed %s", seed).hasMessageContaining("history.expire.max-snapshot-age-ms");
            return true;
        }
    }

    private AutoMqTableOptions options() {
        return AutoMqTableOptions.defaults(lake.clock).withMaxBytesPerRead(1 + random.nextInt(12_000))
                .withFetchLimits(500, 300).withLayout(new LayoutChoice.Detected(TableLayouts.builtIn()));
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> commit();
            case 5, 6, 7, 8, 9 -> read();
            case 10, 11 -> lake.compact(file -> random.nextBoolean());
            case 12, 13 -> lake.compactKeepingSequenceNumber(file -> random.nextBoolean());
            case 14 -> {
                // Seldom, since it is what a reader that lags behind cannot bear.
                if (random.nextInt(3) == 0) {
                    lake.expireSnapshots();
                }
            }
            default -> restart();
        }
    }

    private void commit() {
        Table table = lake.table();
        DataFileWriter writer = new DataFileWriter(table, 1, nextSpan, 1 << 20);
        int rows = 1 + random.nextInt(8);
        for (int row = 0; row < rows; row++) {
            byte[] request = new RequestBuilder().beginResource().beginScope("", "").beginSpan(0, nextSpan, nextSpan)
                    .times(1, TestLake.millis(nextSpan) * 1_000_000).take();
            FlatLayout.CLICKHOUSE.rows(KafkaMessage.of(0, request, 0), 0).forEach(writer::write);
            nextSpan++;
        }
        AppendFiles append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        append.commit();
    }

    private SourceRead read() {
        if (random.nextInt(4) == 0) {
            delivered.onFirstSpan(() -> lake.compact(file -> random.nextBoolean()));
        }
        SourceRead read = source.readNew(cursor, delivered);
        cursor = read.cursor();
        return read;
    }

    /** A new process reads again some of what an old one read, and goes on where that one ended. */
    private void restart() {
        if (cursor.equals(SourceCursor.START)) {
            return;
        }
        SourceOffsets end = source.lowestOffsets(new TreeSet<>(), cursor);
        source = lake.source(options());
        CollectedSpans nothing = new CollectedSpans();
        source.readAgain(end, cursor, nothing);
        assertThat(nothing.spanIds).isEmpty();
        CollectedSpans everything = new CollectedSpans();
        source.readAgain(SourceOffsets.NONE, cursor, everything);
        assertThat(everything.spanIds).containsExactlyInAnyOrderElementsOf(delivered.spanIds);
        TreeMap<Integer, Long> half = new TreeMap<>(Map.of(0, cursor.nextOffsets().of(0) / 2));
        CollectedSpans upper = new CollectedSpans();
        source.readAgain(new SourceOffsets(half), cursor, upper);
        assertThat(upper.spanIds).doesNotHaveDuplicates();
        assertThat(delivered.spanIds).containsAll(upper.spanIds);
    }

    private void assertEverySpanCanBeFetched(long seed) {
        List<FetchRequest> requests = new ArrayList<>();
        for (long span = 1; span < nextSpan; span++) {
            requests.add(new FetchRequest(new TraceId(0, span), random.nextBoolean() ? List.of() : List.of(100_000),
                    TestLake.millis(span), TestLake.millis(span), 1, 100));
        }
        List<Long> fetched = new ArrayList<>();
        source.fetch(requests, cursor.nextOffsets(), (trace, otlp, count) -> fetched.add(trace.low()));
        assertThat(fetched).as("seed %s", seed)
                .containsExactlyInAnyOrderElementsOf(LongStream.range(1, nextSpan).boxed().toList());
    }
}
