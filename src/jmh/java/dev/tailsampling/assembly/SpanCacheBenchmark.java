package dev.tailsampling.assembly;

import dev.tailsampling.generate.Profile;
import dev.tailsampling.generate.TraceGenerator;
import dev.tailsampling.generate.TraceLoad;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * What it costs to cache a span until its trace ends, to push it out, and to read it back; all for each span.
 *
 * <p>Run: {@code mvn -q -Pbench -DskipTests test-compile exec:exec -Djmh="SpanCacheBenchmark"}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class SpanCacheBenchmark {

    private static final long SEED = 20261122;
    private static final int SPANS = 100_000;

    /** Spans of a hundred, of a few hundred, or of a thousand bytes. */
    @Param({"small", "mixed", "attributes"})
    public String profile;

    private final OtlpSpans spans = new OtlpSpans();
    private final List<byte[]> messages = new ArrayList<>();
    private final Map<TraceId, Integer> spansOfTrace = new HashMap<>();
    private int[] spansBefore = {};
    private TraceId[] traces = {};
    private SpanCache empty;
    private SpanCache full;

    /** Generates whole traces of {@value #SPANS} spans, but for a few, and fills a cache with them. */
    @Setup(Level.Trial)
    public void setUp() {
        TraceGenerator generator = new TraceGenerator(new TraceLoad(SEED, Profile.named(profile), Integer.MAX_VALUE));
        int[] count = {0};
        spansBefore = new int[SPANS];
        while (count[0] < SPANS) {
            byte[] message = generator.next().otlp();
            messages.add(message);
            spans.forEach(message, 0, message.length, span -> {
                if (count[0] < SPANS) {
                    spansBefore[count[0]++] = spansOfTrace.merge(span.traceId(), 1, Integer::sum) - 1;
                }
            });
        }
        traces = spansOfTrace.keySet().toArray(TraceId[]::new);
        empty = new SpanCache(1L << 30);
        full = new SpanCache(1L << 30);
        fill(full);
        if (full.spanCount() != SPANS) {
            throw new IllegalStateException(full.spanCount() + " of " + SPANS + " spans are cached");
        }
    }

    private void fill(SpanCache cache) {
        int[] next = {0};
        for (byte[] message : messages) {
            spans.forEach(message, 0, message.length, span -> {
                if (next[0] < SPANS) {
                    cache.offer(span, spansBefore[next[0]++]);
                }
            });
        }
    }

    /** The scan of a span without the cache, to subtract. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public int scanSpan() {
        int[] next = {0};
        for (byte[] message : messages) {
            spans.forEach(message, 0, message.length, span -> {
                if (next[0] < SPANS) {
                    next[0] += span.traceIdLow() == spansBefore[next[0]] ? 2 : 1;
                }
            });
        }
        return next[0];
    }

    /** Scan, add, and release with its trace. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long addAndRelease() {
        fill(empty);
        for (TraceId trace : traces) {
            empty.release(trace.high(), trace.low());
        }
        return empty.spanCount();
    }

    /** Scan, add, and be pushed out: the cache has a tenth of the room. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long addAndEvict() {
        SpanCache small = new SpanCache(full.heldBytes() / 10);
        fill(small);
        return small.spanCount();
    }

    /** Read back, as requests of whole traces. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long read() {
        long[] bytes = {0};
        for (TraceId trace : traces) {
            full.read(trace.high(), trace.low(), 3 << 20, (otlp, count) -> bytes[0] += otlp.length);
        }
        return bytes[0];
    }
}
