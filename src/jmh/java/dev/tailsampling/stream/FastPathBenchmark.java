package dev.tailsampling.stream;

import dev.tailsampling.assembly.CompletedTrace;
import dev.tailsampling.assembly.OpenTraces;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.assembly.SpanCache;
import dev.tailsampling.generate.Delivery;
import dev.tailsampling.generate.Profile;
import dev.tailsampling.generate.TraceGenerator;
import dev.tailsampling.generate.TraceLoad;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.OutgoingSpans;
import dev.tailsampling.trace.OutgoingTraceState;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * What the fast path does with the values of records, without a broker: parse, fold, hold, decide what is quiet for a minute in
 * the records' time, encode the kept spans again. One thread. {@link #setUp} checks with protobuf-java that the right
 * spans are kept, and prints how many spans an operation has.
 *
 * <p>Run: {@code mvn -q -Pbench -DskipTests test-compile exec:exec -Djmh="FastPathBenchmark -f 1"}; {@code -p load=FILE}
 * takes the records of a file that {@code scripts/bench/fastpath} has made. CPU seconds: {@link #main}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class FastPathBenchmark {

    private static final long SEED = 20261126;
    private static final int SPANS = 200_000;
    private static final int TRACES = 20_000;
    private static final double ERROR_SHARE = 0.04;
    private static final long SLOW_MILLIS = 5_000;
    private static final double SHARE = 0.01;
    private static final String RV = "rv:";
    private static final QuietRule QUIET = new QuietRule(60_000, 3_600_000);

    /** Spans of a few hundred bytes, or of a thousand with many attributes; or a file of records. */
    @Param({"mixed", "attributes"})
    public String load;

    private record Message(long timestampMillis, byte[] value) {}

    /** What was kept. */
    public static final class Kept {
        private long spans;
        private long bytes;
        private long heldBytes;
    }

    private final List<Message> messages = new ArrayList<>();
    private final SpanCache cache = new SpanCache(1L << 30);
    private CompiledPolicies policies;
    private long spanCount;

    /**
     * For machines that have much else to do: CPU seconds of the process, all its threads, for a million spans, pass by
     * pass. Arguments: LOAD PASSES.
     */
    public static void main(String[] arguments) throws IOException {
        FastPathBenchmark benchmark = new FastPathBenchmark();
        benchmark.load = arguments[0];
        benchmark.setUp();
        var process = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int pass = 1; pass <= Integer.parseInt(arguments[1]); pass++) {
            long before = process.getProcessCpuTime();
            benchmark.parseFoldDecideEncode();
            System.out.printf("pass %d %.3f%n", pass,
                    (process.getProcessCpuTime() - before) / 1e9 / benchmark.spanCount * 1e6);
        }
    }

    /** Makes or reads the messages, and compares what is kept. */
    @Setup
    public void setUp() throws IOException {
        if (load.endsWith(".records")) {
            RecordFile.read(Path.of(load),
                    (partition, timestampMillis, key, value) -> messages.add(new Message(timestampMillis, value)));
        } else {
            generate(Profile.named(load));
        }
        policies = CompiledPolicies.of(new PolicySet(List.of(
                NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR))),
                NamedPolicy.of("slow", new SamplingPolicy.Latency(SLOW_MILLIS, SamplingPolicy.Latency.NO_UPPER_BOUND)),
                NamedPolicy.of("some", new SamplingPolicy.Probabilistic(Threshold.ofProbability(SHARE))))));
        check();
    }

    private void generate(Profile profile) {
        TraceGenerator generator = new TraceGenerator(new TraceLoad(SEED,
                profile.with(profile.content().withErrors(ERROR_SHARE)).with(Delivery.EXACT), TRACES));
        int spans = 0;
        while (spans < SPANS && generator.hasNext()) {
            var message = generator.next();
            messages.add(new Message(message.timestampMillis(), message.otlp()));
            spans += message.spans();
        }
    }

    private void check() {
        Map<ByteBuffer, List<Span>> traces = new HashMap<>();
        spans().forEach(span -> traces.computeIfAbsent(span.getTraceId().asReadOnlyByteBuffer(),
                unseen -> new ArrayList<>()).add(span));
        long spans = traces.values().stream().mapToLong(List::size).sum();
        spanCount = spans;
        long wanted = traces.entrySet().stream().filter(trace -> isWanted(trace.getKey(), trace.getValue()))
                .mapToLong(trace -> trace.getValue().size()).sum();
        Kept kept = parseFoldDecideEncode();
        if (kept.spans != wanted) {
            throw new IllegalStateException(kept.spans + " spans were kept, protobuf-java: " + wanted);
        }
        System.out.printf("correct: %,d spans, %,d traces, %,d spans (%.1f %%) kept; at most %,d bytes held%n", spans,
                traces.size(), wanted, 100.0 * wanted / spans, kept.heldBytes);
    }

    private Stream<Span> spans() {
        return messages.stream().flatMap(message -> {
            try {
                return ExportTraceServiceRequest.parseFrom(message.value()).getResourceSpansList().stream();
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
            }
        }).flatMap(resource -> resource.getScopeSpansList().stream()).flatMap(scope -> scope.getSpansList().stream());
    }

    private static boolean isWanted(ByteBuffer id, List<Span> spans) {
        long start = spans.stream().mapToLong(Span::getStartTimeUnixNano).min().orElseThrow();
        long end = spans.stream().mapToLong(Span::getEndTimeUnixNano).max().orElseThrow();
        return (end - start) / 1_000_000 >= SLOW_MILLIS
                || spans.stream().anyMatch(span -> span.getStatus().getCodeValue() == StatusCode.ERROR.ordinal())
                || Threshold.ofProbability(SHARE).keeps(randomness(id, spans.getFirst().getTraceState()));
    }

    /** All spans of a generated trace have the same tracestate. */
    private static long randomness(ByteBuffer id, String traceState) {
        int rv = traceState.indexOf(RV);
        return rv < 0
                ? id.getLong(id.position() + Long.BYTES) & (1L << 56) - 1
                : Long.parseLong(traceState.substring(rv + RV.length(), rv + RV.length() + 14), 16);
    }

    /** All of it. */
    @Benchmark
    public Kept parseFoldDecideEncode() {
        OpenTraces open = new OpenTraces(QUIET, policies.folder());
        OtlpSpans spans = new OtlpSpans();
        OutgoingSpans outgoing = new OutgoingSpans();
        Kept kept = new Kept();
        int location = 0;
        for (Message message : messages) {
            int at = location++;
            spans.forEach(message.value(), 0, message.value().length, span -> cache.offer(span,
                    open.fold(span, message.timestampMillis(), at).spanCount() - 1));
            kept.heldBytes = Math.max(kept.heldBytes, cache.heldBytes());
            decide(open.takeCompleted(message.timestampMillis()), outgoing, kept);
        }
        decide(open.drain(), outgoing, kept);
        return kept;
    }

    private void decide(List<CompletedTrace> completed, OutgoingSpans outgoing, Kept kept) {
        for (CompletedTrace trace : completed) {
            TraceSummary summary = trace.summary();
            Decision decision = policies.decide(summary);
            if (decision.outcome() == Outcome.SAMPLED) {
                OutgoingTraceState state = new OutgoingTraceState(summary.randomness(), decision.threshold());
                cache.read(summary.traceIdHigh(), summary.traceIdLow(), 4 << 20, (otlp, count) -> {
                    kept.spans += count;
                    kept.bytes += outgoing.of(otlp, state).length;
                });
            }
            cache.release(summary.traceIdHigh(), summary.traceIdLow());
        }
    }
}
