package dev.tailsampling.assembly;

import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.trace.StatusCode;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The table of open traces, with so many of them: a span that belongs to one of them, and a trace that comes and goes. A
 * cycle must cost time for what is new, not for what stays open, so the figures may grow with caches missed only.
 *
 * <p>Run: {@code mvn -q -Pbench -DskipTests test-compile exec:exec -Djmh="OpenTracesBenchmark"}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class OpenTracesBenchmark {

    private static final int SPANS = 10_000;
    private static final long INACTIVITY_MILLIS = 60_000;

    /** Traces that are open and stay so. */
    @Param({"1000", "100000", "3000000"})
    public int openTraces;

    private final OtlpSpans spans = new OtlpSpans();
    private final byte[][] known = new byte[SPANS][];
    private final byte[][] unseen = new byte[SPANS][];
    private OpenTraces open;
    private long now;

    /** Opens the traces, and makes spans of some of them and of others. */
    @Setup(Level.Trial)
    public void setUp() {
        CompiledPolicies policies = CompiledPolicies.of(new PolicySet(
                List.of(NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR))))));
        open = new OpenTraces(new QuietRule(INACTIVITY_MILLIS, Long.MAX_VALUE / 4), policies.folder());
        for (int trace = 0; trace < openTraces; trace++) {
            // Far in the future: they stay open.
            fold(request(trace), Long.MAX_VALUE / 4);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < SPANS; i++) {
            known[i] = request(random.nextInt(openTraces));
            unseen[i] = request(openTraces + i);
        }
    }

    private static byte[] request(long trace) {
        return new RequestBuilder().beginResource().beginScope("s", "")
                .beginSpan((trace + 1) * 0x9E3779B97F4A7C15L, (trace + 1) * 0xC4CEB9FE1A85EC53L, 1).parentSpanId(2)
                .times(3, 4)
                .take();
    }

    private void fold(byte[] request, long arrivalMillis) {
        spans.forEach(request, 0, request.length, span -> open.fold(span, arrivalMillis, 0));
    }

    /** The scan of a span without the fold, to subtract. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long scanSpan() {
        long[] sum = {0};
        for (byte[] request : known) {
            spans.forEach(request, 0, request.length, (WireSpan span) -> sum[0] += span.traceIdLow());
        }
        return sum[0];
    }

    /** Scan and fold of a span of a trace that is open. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public void foldIntoOpenTrace() {
        for (byte[] request : known) {
            fold(request, Long.MAX_VALUE / 4);
        }
    }

    /** Scan and fold of a span of a new trace, and taking the trace when it is quiet. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public int openAndComplete() {
        for (int i = 0; i < SPANS; i++) {
            fold(unseen[i], now + i / 10);
        }
        now += SPANS + INACTIVITY_MILLIS;
        int completed = open.takeCompleted(now).size();
        if (completed != SPANS) {
            throw new IllegalStateException(completed + " traces completed, not " + SPANS);
        }
        return completed;
    }
}
