package dev.tailsampling.assembly;

import dev.tailsampling.generate.Profile;
import dev.tailsampling.generate.TraceGenerator;
import dev.tailsampling.generate.TraceLoad;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * OTLP bytes in memory → one summary per trace: our wire scanner against protobuf-java's full parse, on the same messages,
 * one thread. {@link #setUp} checks that both see the same traces, and prints how many spans an operation has.
 *
 * <p>Run: {@code mvn -q -Pbench -DskipTests test-compile exec:exec -Djmh="FoldBenchmark"}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FoldBenchmark {

    private static final long SEED = 20261122;
    private static final int SPANS = 100_000;

    /** Spans of a few hundred bytes, or of a thousand with many attributes. */
    @Param({"mixed", "attributes"})
    public String profile;

    /** Without attribute rules, or with one that no span satisfies, so that each is looked at. */
    @Param({"none", "one"})
    public String attributeRules;

    private final List<byte[]> messages = new ArrayList<>();
    private final SpanCache cache = new SpanCache(1L << 30);
    private CompiledPolicies policies;

    /** Generates the messages and compares the two results. */
    @Setup
    public void setUp() {
        TraceGenerator generator = new TraceGenerator(new TraceLoad(SEED, Profile.named(profile), 20_000));
        int spans = 0;
        while (spans < SPANS && generator.hasNext()) {
            var message = generator.next();
            messages.add(message.otlp());
            spans += message.spans();
        }
        policies = CompiledPolicies.of(policySet());
        Map<TraceId, int[]> theirs = protobufJava();
        OpenTraces ours = wireScan();
        if (ours.size() != theirs.size()) {
            throw new IllegalStateException(ours.size() + " traces, protobuf-java " + theirs.size());
        }
        ours.forEach(summary -> compare(summary, theirs.get(summary.traceId())));
        System.out.printf("correct: %,d spans, %,d traces, counts and errors equal protobuf-java's%n", spans,
                ours.size());
    }

    private static void compare(TraceSummary summary, int[] counts) {
        if (counts == null || counts[0] != summary.spanCount()
                || counts[1] > 0 != summary.hasStatus(StatusCode.ERROR)) {
            throw new IllegalStateException("differs from protobuf-java: " + summary.traceId());
        }
    }

    private PolicySet policySet() {
        List<NamedPolicy> set = new ArrayList<>();
        set.add(NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR))));
        set.add(NamedPolicy.of("slow", new SamplingPolicy.Latency(5_000, SamplingPolicy.Latency.NO_UPPER_BOUND)));
        if (attributeRules.equals("one")) {
            set.add(NamedPolicy.of("tenant", new SamplingPolicy.StringAttribute(AttributeKey.of("tenant.tier"),
                    Set.of("no such tier"), List.of())));
        }
        return new PolicySet(set);
    }

    /** Ours: scan, fold. */
    @Benchmark
    public OpenTraces wireScan() {
        OpenTraces open = new OpenTraces(new QuietRule(60_000, 300_000), policies.folder());
        OtlpSpans spans = new OtlpSpans();
        for (byte[] message : messages) {
            spans.forEach(message, 0, message.length, span -> open.fold(span, 0, 0));
        }
        return open;
    }

    /** Ours: scan, fold, cache the span, and release all when their traces are decided. */
    @Benchmark
    public OpenTraces wireScanCached() {
        OpenTraces open = new OpenTraces(new QuietRule(60_000, 300_000), policies.folder());
        OtlpSpans spans = new OtlpSpans();
        for (byte[] message : messages) {
            spans.forEach(message, 0, message.length, span -> cache.offer(span, open.fold(span, 0, 0).spanCount() - 1));
        }
        open.forEach(summary -> cache.release(summary.traceIdHigh(), summary.traceIdLow()));
        return open;
    }

    /** The peer: parse whole messages, aggregate counts and errors. */
    @Benchmark
    public Map<TraceId, int[]> protobufJava() {
        Map<TraceId, int[]> traces = new HashMap<>();
        try {
            for (byte[] message : messages) {
                for (ResourceSpans resource : ExportTraceServiceRequest.parseFrom(message).getResourceSpansList()) {
                    for (ScopeSpans scope : resource.getScopeSpansList()) {
                        scope.getSpansList().forEach(span -> count(traces, span));
                    }
                }
            }
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
        return traces;
    }

    private static void count(Map<TraceId, int[]> traces, Span span) {
        ByteBuffer id = span.getTraceId().asReadOnlyByteBuffer();
        int[] counts = traces.computeIfAbsent(new TraceId(id.getLong(), id.getLong()), unseen -> new int[2]);
        counts[0]++;
        counts[1] += span.getStatus().getCodeValue() == 2 ? 1 : 0;
    }
}
