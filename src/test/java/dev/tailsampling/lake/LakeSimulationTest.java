package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AutoMQ commits, other tools compact, expire and change the spec, commits are repeated, and the reader reads in chunks and
 * starts anew, in any order. Whatever happens, each span is delivered once, and every trace can be fetched.
 */
class LakeSimulationTest {

    private static final int STEPS = 40;

    private TestLake lake;
    private TableTopicWriter topic;
    private AutoMqTable source;
    private Random random;
    private SourceCursor cursor = SourceCursor.START;
    private final CollectedSpans delivered = new CollectedSpans();
    private final Map<Long, Long> secondsBySpan = new HashMap<>();
    private long nextSpan;

    /** More of them with {@code -Dlake.seeds=100}. */
    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("lake.seeds", 3));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void eachSpanIsDeliveredOnce(long seed) {
        random = new Random(seed);
        try (TestLake opened = TestLake.inMemory()) {
            lake = opened;
            topic = lake.topic(options());
            source = lake.source(chunks());
            commit();
            for (int step = 0; step < STEPS; step++) {
                step();
                assertThat(delivered.spanIds).as("seed %s, step %s", seed, step).doesNotHaveDuplicates();
            }
            readToTheEnd();
            assertThat(delivered.spanIds).as("seed %s", seed)
                    .containsExactlyInAnyOrderElementsOf(secondsBySpan.keySet());
            assertEverySpanCanBeFetched(seed);
            assertReadingAgainGivesTheSame(seed);
            topic.close();
        }
    }

    private TableTopicOptions options() {
        return TableTopicOptions.of(3, lake.clock).withBrokers(2).withGaps(5, random.nextLong());
    }

    private AutoMqTableOptions chunks() {
        return AutoMqTableOptions.defaults(lake.clock).withMaxBytesPerRead(1 + random.nextInt(12_000))
                .withFetchLimits(500, 300);
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> commit();
            case 4, 5, 6 -> read();
            case 7 -> lake.compact(this::chosen);
            case 8 -> lake.compactKeepingSequenceNumber(this::chosen);
            case 9 -> lake.expireSnapshots();
            case 10 -> commitAgain();
            default -> restart();
        }
    }

    private boolean chosen(DataFile file) {
        return random.nextBoolean();
    }

    private void commit() {
        int messages = 1 + random.nextInt(8);
        for (int message = 0; message < messages; message++) {
            long second = nextSpan + random.nextInt(20);
            topic.append(KafkaMessage.of(random.nextInt(3), Otlp.message(Otlp.span((int) nextSpan, nextSpan)),
                    TestLake.millis(second)));
            secondsBySpan.put(nextSpan, second);
            nextSpan++;
        }
        topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
    }

    private void commitAgain() {
        List<DataFile> files = lake.files();
        lake.commitAgain(List.of(files.get(random.nextInt(files.size()))));
    }

    private SourceRead read() {
        if (random.nextInt(4) == 0) {
            delivered.onFirstSpan(() -> {
                lake.compact(this::chosen);
                lake.expireSnapshots();
            });
        }
        SourceRead read = source.readNew(cursor, delivered);
        cursor = read.cursor();
        return read;
    }

    private void readToTheEnd() {
        boolean caughtUp = false;
        while (!caughtUp) {
            caughtUp = read().caughtUp();
        }
    }

    /** A new process reads again what an old one held, and goes on where that one ended. */
    private void restart() {
        SourceOffsets from = source.lowestOffsets(new TreeSet<>(), cursor);
        source = lake.source(chunks());
        CollectedSpans nothing = new CollectedSpans();
        source.readAgain(from, cursor, nothing);
        assertThat(nothing.spanIds).isEmpty();
    }

    private void assertEverySpanCanBeFetched(long seed) {
        List<FetchRequest> requests = new ArrayList<>();
        secondsBySpan.forEach((span, second) -> requests.add(new FetchRequest(Otlp.trace(span.intValue()),
                locations(span), TestLake.millis(second), TestLake.millis(second), 1, 100)));
        List<Long> fetched = new ArrayList<>();
        source.fetch(requests, cursor.nextOffsets(), (trace, otlp, count) -> fetched.addAll(Otlp.spanIds(otlp)));
        assertThat(fetched).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(secondsBySpan.keySet());
    }

    /** Numbers that a reader before the last one gave mean nothing, and must do no harm. */
    private List<Integer> locations(long span) {
        return random.nextBoolean() ? List.of() : List.of((int) (1_000 + span));
    }

    private void assertReadingAgainGivesTheSame(long seed) {
        TreeMap<Integer, Long> half = new TreeMap<>();
        cursor.nextOffsets().byPartition().forEach((partition, next) -> half.put(partition, next / 2));
        CollectedSpans upper = new CollectedSpans();
        source.readAgain(new SourceOffsets(half), cursor, upper);
        CollectedSpans lower = new CollectedSpans();
        source.readAgain(SourceOffsets.NONE, new SourceCursor("", 0, new SourceOffsets(half), 0), lower);
        lower.spanIds.addAll(upper.spanIds);
        assertThat(lower.spanIds).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(secondsBySpan.keySet());
    }
}
