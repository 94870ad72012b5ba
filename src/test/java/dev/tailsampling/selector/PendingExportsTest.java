package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.store.MemoryState;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After an outage of the destination there is much to export again, and the decisions must not wait for all of it. */
class PendingExportsTest {

    private static final long T0 = 1_700_000_000_000L;
    private static final int PENDING = 6;

    private final MemorySource source = new MemorySource(1);
    private final MemoryLedger ledger = new MemoryLedger();
    private final MemoryState state = new MemoryState();
    private final List<Long> taken = new ArrayList<>();
    private Duration exportTakes = Duration.ZERO;
    private boolean away;
    private Instant now = Instant.EPOCH;
    private int historyWalks;
    private TraceSelector selector;

    /** A destination that takes its time. */
    private final class SlowExporter implements TraceExporter {

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public ExportOutcome export(List<SampledTrace> batch) {
            if (away) {
                return new ExportOutcome.Unknown("no answer");
            }
            now = now.plus(exportTakes);
            batch.forEach(trace -> taken.add(trace.traceId().low()));
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

    @BeforeEach
    void start() {
        DecisionLog counting = (DecisionLog) Proxy.newProxyInstance(DecisionLog.class.getClassLoader(),
                new Class<?>[]{DecisionLog.class}, (proxy, method, arguments) -> {
                    historyWalks += method.getName().equals("cycles") ? 1 : 0;
                    return method.invoke(ledger, arguments);
                });
        SelectorPorts ports =
                new SelectorPorts(source, source, counting, state, state, new SlowExporter(), () -> now);
        selector = new TraceSelector(ports,
                CompiledPolicies.of(new PolicySet(List.of(NamedPolicy.of("all", new SamplingPolicy.AlwaysSample())))),
                new SelectorSettings("run", new QuietRule(1_000, 5_000), 1_000));
        selector.recover();
    }

    /** One trace of one span, complete at once. */
    private void commit(long number) {
        long millis = T0 + 10_000 * number;
        source.commit(millis + 5_000,
                List.of(new MemorySource.Row(0, source.nextOffset(0), millis, request(number))));
    }

    private static byte[] request(long trace) {
        Span.Builder span = Span.newBuilder().setName("work").setTraceId(bytes(7, trace)).setSpanId(bytes(trace));
        var request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);
        return request.build().toByteArray();
    }

    private static ByteString bytes(long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length);
        for (long number : numbers) {
            bytes.putLong(number);
        }
        return ByteString.copyFrom(bytes.array());
    }

    /** The destination comes back when so many cycles are to be exported again, and the pause has just ended. */
    private void outage() {
        away = true;
        for (int number = 1; number <= PENDING; number++) {
            commit(number);
            selector.cycle();
        }
        assertThat(selector.cycle().get(CycleMetric.EXPORTS_UNCONFIRMED)).isEqualTo(PENDING);
        away = false;
        historyWalks = 0;
    }

    /** Rests until the next attempt, and returns its report. */
    private CycleReport firstAttempt() {
        CycleReport report = selector.cycle();
        for (int pause = 0; pause < 40 && report.get(CycleMetric.EXPORTS_UNCONFIRMED) == PENDING; pause++) {
            report = selector.cycle();
        }
        return report;
    }

    @Test
    void allThatIsPendingIsExportedWithOneWalkThroughTheHistory() {
        outage();
        CycleReport report = firstAttempt();

        assertThat(report.get(CycleMetric.EXPORTS_UNCONFIRMED)).isZero();
        assertThat(taken).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(historyWalks).isEqualTo(1);
        assertThat(selector.caughtUp()).isTrue();
    }

    @Test
    void aRoundEndsInTimeAndTheNextCycleGoesOnWithoutAPause() {
        outage();
        exportTakes = PendingExports.LONGEST_ROUND.dividedBy(2);
        assertThat(firstAttempt().get(CycleMetric.EXPORTS_UNCONFIRMED)).isEqualTo(PENDING - 2);
        assertThat(taken).containsExactly(1L, 2L);
        assertThat(selector.caughtUp()).as("there is more to do at once").isFalse();

        commit(PENDING + 1);
        CycleReport next = selector.cycle();
        assertThat(next.get(CycleMetric.TRACES_SAMPLED)).as("decided meanwhile").isEqualTo(1);
        assertThat(next.get(CycleMetric.EXPORTS_UNCONFIRMED)).isEqualTo(PENDING - 4);
        assertThat(taken).as("the oldest first, then the cycle's own").containsExactly(1L, 2L, 3L, 4L, 7L);

        assertThat(selector.cycle().get(CycleMetric.EXPORTS_UNCONFIRMED)).isZero();
        assertThat(selector.caughtUp()).isTrue();
        assertThat(taken).containsExactly(1L, 2L, 3L, 4L, 7L, 5L, 6L);
    }

    /** All of the cycle is exported again anyway. */
    @Test
    void afterAnUnknownOutcomeNoMoreIsFetched() {
        away = true;
        source.commit(T0 + 5_000,
                LongStream.range(0, 50).mapToObj(trace -> new MemorySource.Row(0, trace, T0, request(trace))).toList());
        CycleReport report = selector.cycle();

        assertThat(report.get(CycleMetric.TRACES_SAMPLED)).isEqualTo(50);
        assertThat(report.get(CycleMetric.SPANS_FETCHED)).as("of the first batch").isBetween(1L, 30L)
                .isEqualTo(report.get(CycleMetric.SPANS_UNCONFIRMED));
        assertThat(report.get(CycleMetric.EXPORTS_UNCONFIRMED)).isEqualTo(1);
    }

    /** However slow it is, it ends some day. */
    @Test
    void eachRoundExportsAtLeastOneCycle() {
        outage();
        exportTakes = PendingExports.LONGEST_ROUND.multipliedBy(3);
        assertThat(firstAttempt().get(CycleMetric.EXPORTS_UNCONFIRMED)).isEqualTo(PENDING - 1);
        for (int left = PENDING - 2; left >= 0; left--) {
            assertThat(selector.cycle().get(CycleMetric.EXPORTS_UNCONFIRMED)).isEqualTo(left);
        }
        assertThat(selector.caughtUp()).isTrue();
    }
}
