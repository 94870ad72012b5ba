package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.Threshold;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A week of cycles, ten seconds apart in virtual time: what one process holds does not grow with them. */
class SelectorWeekTest {

    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int CYCLES_A_DAY = (int) Duration.ofDays(1).dividedBy(INTERVAL);
    private static final Duration REMEMBERED = Duration.ofHours(12);
    private static final Instant MONDAY = Instant.parse("2026-01-05T00:00:00Z");
    private static final int TRACES_A_CYCLE = 4;
    /** A note of each cycle whose export was confirmed, which {@link MemoryState} does not forget. */
    private static final long CONFIRMED_EXPORT_BYTES = 96;
    private static final long NOISE_BYTES = 2 << 20;

    private final Topic topic = new Topic();
    private final LastCycle ledger = new LastCycle();
    private final MemoryState state = new MemoryState();
    private final Counting exporter = new Counting();
    private Instant now = MONDAY;

    @Test
    void heapDoesNotGrow() {
        SelectorPorts ports = new SelectorPorts(topic, topic, ledger, state, state, exporter, () -> now);
        CompiledPolicies half = CompiledPolicies.of(new PolicySet(List.of(
                new NamedPolicy("half", new SamplingPolicy.AlwaysSample(), Threshold.ofProbability(0.5)))));
        TraceSelector selector = new TraceSelector(ports, half,
                new SelectorSettings("week", new QuietRule(60_000, 300_000), 1 << 20, 64 << 10));
        selector.recover();
        List<Long> heapAfterDay = new ArrayList<>();
        int mostOpen = 0;
        CycleReport last = CycleReport.NONE;
        for (int day = 0; day < 7; day++) {
            for (int cycle = 0; cycle < CYCLES_A_DAY; cycle++) {
                now = now.plus(INTERVAL);
                topic.append();
                last = selector.cycle();
                mostOpen = Math.max(mostOpen, selector.openTraces());
            }
            state.forgetOlderThan(now.minus(REMEMBERED));
            state.forgetReportsOlderThan(now.minus(REMEMBERED));
            heapAfterDay.add(usedHeap());
        }

        System.out.printf("heap after each day %s, open traces at most %d%n", heapAfterDay, mostOpen);
        assertThat(ledger.rows).isGreaterThan(7L * CYCLES_A_DAY * TRACES_A_CYCLE);
        assertThat(exporter.spans).isGreaterThan(ledger.rows / 3);
        assertThat(mostOpen).isLessThan(20 * TRACES_A_CYCLE);
        assertThat(last.get(CycleMetric.CACHE_BYTES)).isLessThanOrEqualTo(64 << 10);
        assertThat(heapAfterDay.getLast() - heapAfterDay.getFirst())
                .isLessThan(6 * CYCLES_A_DAY * CONFIRMED_EXPORT_BYTES + NOISE_BYTES);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A topic whose rows follow from their offsets: some traces of a span each, and a late span now and then. */
    private final class Topic implements SpanSource, SpanFetcher {

        private long end;

        void append() {
            end++;
        }

        @Override
        public String name() {
            return "test.week";
        }

        @Override
        public SourceRead readNew(SourceCursor after, SpanSink sink) {
            long rows = 0;
            for (long offset = after.nextOffsets().of(0); offset < end; offset++) {
                deliver(offset, sink);
                rows++;
            }
            SourceCursor cursor = new SourceCursor("week", end, SourceOffsets.parse("0:" + end), now.toEpochMilli());
            return new SourceRead(cursor, now.toEpochMilli(), 1, rows, 0, 0, 0, true);
        }

        private void deliver(long offset, SpanSink sink) {
            byte[] otlp = otlp(offset);
            SourceRow row = new SourceRow(0, offset, now.toEpochMilli(), (int) offset);
            new OtlpSpans().forEach(otlp, 0, otlp.length, span -> sink.span(span, row));
        }

        private static byte[] otlp(long offset) {
            var request = ExportTraceServiceRequest.newBuilder();
            var scope = request.addResourceSpansBuilder().addScopeSpansBuilder();
            for (int i = 0; i < TRACES_A_CYCLE; i++) {
                scope.addSpans(span(offset * TRACES_A_CYCLE + i, i));
            }
            if (offset > 50) {
                scope.addSpans(span((offset - 50) * TRACES_A_CYCLE, TRACES_A_CYCLE));
            }
            return request.build().toByteArray();
        }

        private static Span span(long trace, int id) {
            return Span.newBuilder().setName("work").setTraceId(ByteString.copyFrom(
                    ByteBuffer.allocate(16).putLong(7).putLong(trace * 0x9E3779B97F4A7C15L + 1).array()))
                    .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(id + 1).array())).build();
        }

        @Override
        public void readAgain(SourceOffsets fromInclusive, SourceCursor until, SpanSink sink) {
            throw new IllegalStateException("nothing is to be folded again");
        }

        @Override
        public SourceOffsets lowestOffsets(SortedSet<Integer> locations, SourceCursor cursor) {
            return locations.isEmpty() ? cursor.nextOffsets() : SourceOffsets.parse("0:" + locations.first());
        }

        @Override
        public void forgetAllBut(SortedSet<Integer> locations) {
            // A location is an offset.
        }

        @Override
        public void fetch(List<FetchRequest> requests, SourceOffsets until, Receiver receiver) {
            requests.forEach(request -> receiver.spans(request.traceId(), otlp(request.locations().getFirst()), 1));
        }
    }

    /** A ledger that knows no more than where it stands. */
    private static final class LastCycle implements DecisionLog {

        private Optional<LoggedCycle> latest = Optional.empty();
        private long rows;

        @Override
        public String identity() {
            return "last";
        }

        @Override
        public void record(LoggedCycle cycle, Iterable<DecisionRecord> decisions) {
            decisions.forEach(decision -> rows++);
            latest = Optional.of(cycle);
        }

        @Override
        public Optional<LoggedCycle> latest(String source) {
            return latest;
        }

        @Override
        public long fencingToken(String source) {
            return 0;
        }

        @Override
        public void fence(String source, long token, String runId) {
            throw new IllegalStateException("there is no lease");
        }

        @Override
        public List<LoggedCycle> cycles(String source, long fromCycleInclusive) {
            return List.of();
        }

        @Override
        public void forEach(DecisionFilter filter, Consumer<DecisionRecord> action) {
            throw new IllegalStateException("nothing is to be recovered");
        }
    }

    /** A destination that takes everything. */
    private static final class Counting implements TraceExporter {

        private long spans;

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public ExportOutcome export(List<SampledTrace> batch) {
            batch.forEach(trace -> spans += trace.spanCount());
            return new ExportOutcome.Exported(0, "");
        }

        @Override
        public ExportOutcome flush() {
            return new ExportOutcome.Exported(0, "");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
