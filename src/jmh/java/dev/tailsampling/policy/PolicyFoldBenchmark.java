package dev.tailsampling.policy;

import dev.tailsampling.otlp.OtlpJsonReader;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.policy.ForceRule.Action.ForceDrop;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TraceId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * What policies and force rules cost for each span: the real traces of {@code examples/real} in wire form, scanned and
 * folded by one thread. {@link #setUp} checks, on every span, that the bits set are those that the tests themselves say.
 *
 * <p>Run: {@code mvn -q -Pbench -DskipTests test-compile exec:exec -Djmh="PolicyFoldBenchmark"}, or, on a machine that is
 * shared, {@code scripts/bench/policies}, which measures the CPU time of the thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PolicyFoldBenchmark {

    private static final int SPANS = 1131;
    private static final List<String> FILES = List.of("opensearch-hotrod", "opensearch-otel", "zipkin-lens");

    /** Attributes that these spans have, some of them often, some seldom. */
    private static final List<String> KEYS = List.of("http.method", "http.status_code", "http.url", "http.route",
            "component", "net.peer.name", "db.statement", "http.user_agent", "thread.name", "level");

    /** What is folded: no test of spans, mixed policies on ten keys or on a key each, or a hundred force rules. */
    @Param({"none", "1", "10", "100 on 10 keys", "100 on 100 keys", "100 rules eq", "100 rules eq and regex"})
    public String set;

    private final List<byte[]> messages = new ArrayList<>();
    private CompiledPolicies policies;
    private SpanFolder folder;
    private final OtlpSpans spans = new OtlpSpans();

    /** Reads the spans and compares the fold with the tests. */
    @Setup
    public void setUp() throws IOException {
        policies = CompiledPolicies.of(policySet());
        folder = policies.folder();
        for (String file : FILES) {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(
                    Files.newInputStream(Path.of("examples/real/" + file + ".otlp.jsonl.gz"))),
                    StandardCharsets.UTF_8))) {
                lines.lines().forEach(line -> messages.add(new OtlpJsonReader().toProtobuf(line)));
            }
        }
        int[] checked = new int[2];
        messages.forEach(message -> checked[0] += spans.forEach(message, 0, message.length, span -> {
            checked[1] += check(span);
        }));
        if (checked[0] != SPANS) {
            throw new IllegalStateException("there are " + checked[0] + " spans, not " + SPANS);
        }
        System.out.printf("correct: %,d spans, %,d conditions each, %,d bits set, as by SpanTest.test%n", SPANS,
                policies.conditions().size(), checked[1]);
    }

    private int check(SpanView span) {
        TraceSummary summary = new TraceSummary(span.traceIdHigh(), span.traceIdLow());
        folder.fold(summary, span);
        int set = 0;
        for (int bit = 0; bit < policies.conditions().size(); bit++) {
            if (summary.satisfied(bit) != policies.conditions().get(bit).test(span)) {
                throw new IllegalStateException("differs: " + policies.conditions().get(bit));
            }
            set += summary.satisfied(bit) ? 1 : 0;
        }
        return set;
    }

    private PolicySet policySet() {
        return switch (set) {
            case "none" -> policies(0, KEYS::get);
            case "1" -> policies(1, KEYS::get);
            case "10" -> policies(10, KEYS::get);
            case "100 on 10 keys" -> policies(100, i -> KEYS.get(i % 10));
            case "100 on 100 keys" -> policies(100, i -> i < 10 ? KEYS.get(i) : "app.attribute." + i);
            case "100 rules eq" -> rules(List.of());
            case "100 rules eq and regex" -> rules(List.of(matcher("span.name", Operator.REGEX, "^(GET|POST) /check")));
            default -> throw new IllegalArgumentException(set);
        };
    }

    private static PolicySet policies(int count, IntFunction<String> key) {
        List<NamedPolicy> policies = new ArrayList<>();
        policies.add(NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR))));
        for (int i = 0; i < count; i++) {
            policies.add(NamedPolicy.of("p" + i, policy(i, AttributeKey.of(key.apply(i)))));
        }
        return new PolicySet(policies);
    }

    /** Most match no span, so that they are looked at on every one, as in life. */
    private static SamplingPolicy policy(int i, AttributeKey key) {
        return switch (i % 5) {
            case 1, 3 -> new SamplingPolicy.NumericAttribute(key, BigDecimal.valueOf(500 + i), null);
            case 4 -> SamplingPolicy.StringAttribute.matching(key, List.of("^value-" + i + "$"));
            default -> new SamplingPolicy.StringAttribute(key, Set.of("value-" + i, "GET"), List.of());
        };
    }

    private static PolicySet rules(List<Matcher> ofSpan) {
        return policies(0, KEYS::get).withForceRules(IntStream.range(0, 100)
                .mapToObj(i -> new ForceRule("r" + i, "", 0,
                        SpanMatch.of(
                                List.of(matcher("service.name", Operator.EQ, i == 0 ? "frontend" : "service-" + i)),
                                ofSpan),
                        new ForceDrop(), Instant.EPOCH, Instant.MAX, true))
                .toList());
    }

    private static Matcher matcher(String key, Operator operator, String value) {
        return new Matcher(key, operator, List.of(new StringValue(value)));
    }

    /** Prints the CPU time of the best of some runs for each of the sets named, each of which needs a JVM of its own. */
    public static void main(String[] sets) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (String set : sets) {
            PolicyFoldBenchmark benchmark = new PolicyFoldBenchmark();
            benchmark.set = set;
            benchmark.setUp();
            benchmark.fold(1500);
            long best = Long.MAX_VALUE;
            for (int run = 0; run < 12; run++) {
                long start = threads.getCurrentThreadCpuTime();
                benchmark.fold(100);
                best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
            }
            System.out.printf("%s: %,d ns of CPU a span%n", set, best / 100 / SPANS);
        }
    }

    private void fold(int times) {
        for (int i = 0; i < times; i++) {
            fold();
        }
    }

    /** Scan, fold into one summary for each trace. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public Map<TraceId, TraceSummary> fold() {
        Map<TraceId, TraceSummary> traces = new HashMap<>();
        for (byte[] message : messages) {
            spans.forEach(message, 0, message.length, span -> folder.fold(
                    traces.computeIfAbsent(span.traceId(), id -> new TraceSummary(id.high(), id.low())), span));
        }
        return traces;
    }
}
