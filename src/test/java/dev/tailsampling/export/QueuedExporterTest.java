package dev.tailsampling.export;

import static dev.tailsampling.export.SampledTraces.spanIds;
import static dev.tailsampling.export.SampledTraces.trace;
import static dev.tailsampling.export.SampledTraces.traceOfBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.export.QueuedExporter.Limits;
import dev.tailsampling.selector.DestinationObserver;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QueuedExporterTest {

    private static final ExportOutcome DONE = ScriptedDestination.DONE;
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Counts what it is told. */
    private static final class Counts implements DestinationObserver {

        private final AtomicLong queued = new AtomicLong();
        private final AtomicLong mostQueued = new AtomicLong();
        private final List<Batch> batches = new ArrayList<>();

        @Override
        public synchronized void ended(String destination, Batch batch) {
            batches.add(batch);
        }

        @Override
        public void queued(String destination, long bytes) {
            long now = queued.addAndGet(bytes);
            mostQueued.accumulateAndGet(now, Math::max);
        }

        @Override
        public void breaker(String destination, BreakerState state) {
            throw new AssertionError("a queue has no breaker");
        }
    }

    private final ScriptedDestination destination = new ScriptedDestination("slow");
    private final Counts counts = new Counts();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void endCallers() {
        gate.countDown();
        callers.close();
    }

    private QueuedExporter queue(TraceExporter exporter, int bytes, int simultaneous, Duration longestWait) {
        return new QueuedExporter(exporter, new Limits(bytes, simultaneous, longestWait), counts,
                InstantSource.system());
    }

    private static int size(SampledTrace trace) {
        return trace.otlp().length;
    }

    @Nested
    class Contract extends TraceExporterContract {

        private final QueuedExporter queue = queue(destination, 10_000, 2, LONG);

        @Override
        TraceExporter exporter() {
            return queue;
        }

        @Override
        List<String> received() {
            return spanIds(destination.received());
        }
    }

    @Test
    void fullQueueHoldsTheCallerUntilThereIsRoom() {
        SampledTrace one = traceOfBytes(1, 1_000);
        QueuedExporter queue = queue(destination.waitsFor(gate), 2 * size(one), 2, LONG);
        List<Future<ExportOutcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            outcomes.add(callers.submit(() -> queue.export(List.of(one))));
        }
        Awaitility.await().until(() -> destination.received().size() == 2 && counts.queued.get() == 2L * size(one));
        assertThat(outcomes).noneMatch(Future::isDone);

        gate.countDown();

        Awaitility.await().until(() -> outcomes.stream().allMatch(Future::isDone));
        assertThat(outcomes).allMatch(outcome -> outcome.resultNow().equals(DONE));
        assertThat(destination.received()).hasSize(3);
        assertThat(counts.queued).hasValue(0);
        assertThat(counts.mostQueued).hasValue(2L * size(one));
    }

    @Test
    void whoWaitsTooLongForAPlaceDoesNotKnowTheOutcome() {
        SampledTrace one = traceOfBytes(1, 1_000);
        QueuedExporter queue = queue(destination.waitsFor(gate), size(one), 1, Duration.ofMillis(50));
        Future<ExportOutcome> first = callers.submit(() -> queue.export(List.of(one)));
        Awaitility.await().until(() -> destination.received().size() == 1);

        assertThat(queue.export(List.of(trace(2, 3)))).isEqualTo(new ExportOutcome.Unknown("the queue of slow has been "
                + "full for 0 s: the destination is slow, or export.queue_bytes small"));

        assertThat(destination.received()).hasSize(1);
        assertThat(counts.batches).singleElement().satisfies(batch -> {
            assertThat(batch.spans()).isEqualTo(3);
            assertThat(batch.bytes()).isEqualTo(size(trace(2, 3)));
            assertThat(batch.took()).isBetween(Duration.ofMillis(45), Duration.ofSeconds(30));
        });
        gate.countDown();
        Awaitility.await().until(first::isDone);
        assertThat(queue.export(List.of(one))).isEqualTo(DONE);
    }

    @Test
    void batchLargerThanTheQueueGoesAlone() {
        SampledTrace large = traceOfBytes(1, 10_000);
        QueuedExporter queue = queue(destination, 100, 4, LONG);

        assertThat(queue.export(List.of(large))).isEqualTo(DONE);
        assertThat(queue.export(List.of(large, large))).isEqualTo(DONE);
        assertThat(counts.mostQueued).hasValue(2L * size(large));
        assertThat(counts.queued).hasValue(0);
    }

    @Test
    void interruptionOfAWaitingCallerIsUnknownAndStaysSet() {
        QueuedExporter queue = queue(destination.waitsFor(gate), 1, 1, LONG);
        callers.submit(() -> queue.export(List.of(trace(1, 1))));
        Awaitility.await().until(() -> destination.received().size() == 1);
        Thread.currentThread().interrupt();

        assertThat(queue.export(List.of(trace(2, 1))))
                .isEqualTo(new ExportOutcome.Unknown("interrupted while waiting in the queue of slow"));
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Many callers with batches of all sizes over one destination that fails now and then. */
    @Test
    void limitsHoldForManyCallers() {
        long seed = 20261126;
        int queueBytes = 20_000;
        AtomicInteger sending = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ScriptedDestination taking = new ScriptedDestination("busy");
        TraceExporter faulty = new FaultyExporter(taking, new Random(seed)) {
            @Override
            public ExportOutcome export(List<SampledTrace> batch) {
                most.accumulateAndGet(sending.incrementAndGet(), Math::max);
                try {
                    Thread.yield();
                    return super.export(batch);
                } finally {
                    sending.decrementAndGet();
                }
            }
        };
        QueuedExporter queue = queue(faulty, queueBytes, 3, LONG);
        List<Future<ExportOutcome>> outcomes = new ArrayList<>();
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            SampledTrace trace = traceOfBytes(i, random.nextInt(5_000));
            outcomes.add(callers.submit(() -> queue.export(List.of(trace))));
        }
        Awaitility.await().until(() -> outcomes.stream().allMatch(Future::isDone));

        assertThat(most.get()).as("seed %d", seed).isBetween(1, 3);
        assertThat(counts.mostQueued.get()).as("seed %d", seed).isBetween(1L, (long) queueBytes);
        assertThat(counts.queued).as("seed %d", seed).hasValue(0);
        assertThat(counts.batches).as("seed %d", seed).hasSize(400);
        assertThat(outcomes.stream().filter(outcome -> outcome.resultNow().equals(DONE)).count())
                .as("seed %d", seed).isEqualTo(taking.received().size()).isBetween(1L, 399L);
    }

    /** What is not thread-safe is used by one caller at a time. */
    @Test
    void linesOfAFileDoNotMix(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("out.jsonl");
        try (QueuedExporter queue = queue(new FileExporter(file), 1 << 20, 1, LONG)) {
            List<Future<ExportOutcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                SampledTrace trace = traceOfBytes(i, 3_000);
                outcomes.add(callers.submit(() -> queue.export(List.of(trace))));
                outcomes.add(callers.submit(queue::flush));
            }
            for (Future<ExportOutcome> outcome : outcomes) {
                assertThat(outcome.get()).isEqualTo(DONE);
            }
        }
        assertThat(Files.readAllLines(file)).hasSize(200)
                .allMatch(line -> line.startsWith("{\"resourceSpans\":[") && line.endsWith("}]}]}]}"))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatEndsBadlyGivesItsPlaceBack() {
        QueuedExporter queue = queue(new FaultyExporter(destination, new Random(1)) {
            @Override
            public ExportOutcome export(List<SampledTrace> batch) {
                throw new IllegalStateException("a defect");
            }
        }, 10, 1, LONG);
        for (int i = 0; i < 3; i++) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> queue.export(List.of(trace(1, 1)))))
                    .hasMessage("a defect");
        }
        assertThat(counts.queued).hasValue(0);
        assertThat(queue.flush()).isEqualTo(DONE);
    }

    @Test
    void aQueueHasRoom() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(0, 1, LONG));
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 0, LONG));
    }
}
