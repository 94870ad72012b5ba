package dev.tailsampling.policy;

import com.google.re2j.Pattern;
import dev.tailsampling.policy.SamplingPolicy.AlwaysSample;
import dev.tailsampling.policy.SamplingPolicy.And;
import dev.tailsampling.policy.SamplingPolicy.BooleanAttribute;
import dev.tailsampling.policy.SamplingPolicy.Drop;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.Not;
import dev.tailsampling.policy.SamplingPolicy.NumericAttribute;
import dev.tailsampling.policy.SamplingPolicy.Probabilistic;
import dev.tailsampling.policy.SamplingPolicy.SpanCount;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.policy.SamplingPolicy.StringAttribute;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random policy sets and traces that have a fair chance to match them. The same seed makes the same. */
final class RandomTraces {

    private static final int KEYS = 6;
    private static final int VALUES = 12;
    private static final Pattern ODD = Pattern.compile("v\\d*[13579]$");

    private final SplittableRandom random;

    RandomTraces(long seed) {
        random = new SplittableRandom(seed);
    }

    PolicySet policySet(int policies) {
        return new PolicySet(IntStream.range(0, policies).mapToObj(i -> named("p" + i)).toList());
    }

    private NamedPolicy named(String name) {
        Threshold rate = random.nextInt(4) == 0 ? Threshold.ofProbability(random.nextDouble()) : Threshold.ALWAYS;
        return new NamedPolicy(name, random.nextInt(5) == 0 ? new Drop(some()) : policy(), rate);
    }

    private SamplingPolicy policy() {
        return switch (random.nextInt(6)) {
            case 0 -> new And(some());
            case 1 -> new Not(NamedPolicy.of("n", certain()));
            case 2 -> new Probabilistic(Threshold.ofProbability(random.nextDouble()));
            default -> certain();
        };
    }

    private List<NamedPolicy> some() {
        return IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(i -> NamedPolicy.of("s" + i, random.nextInt(5) == 0
                        ? new Probabilistic(Threshold.ofProbability(random.nextDouble()))
                        : certain()))
                .toList();
    }

    /** A policy without chance in it. */
    private SamplingPolicy certain() {
        return switch (random.nextInt(9)) {
            case 0 -> new AlwaysSample();
            case 1 -> new Latency(random.nextInt(50), 50 + random.nextInt(100));
            case 2 -> new StatusCodes(Set.of(status()));
            case 3 -> new SpanCount(random.nextInt(10), 10 + random.nextInt(20));
            case 4 -> new StringAttribute(key(), Set.of(), List.of(ODD));
            case 5 -> new NumericAttribute(key(), BigDecimal.valueOf(random.nextInt(VALUES)), null);
            case 6 -> new BooleanAttribute(key(), random.nextBoolean());
            default -> new StringAttribute(key(), Set.copyOf(List.of(text(), text())), List.of());
        };
    }

    private AttributeKey key() {
        return AttributeKey.of("k" + random.nextInt(KEYS));
    }

    private String text() {
        return "v" + random.nextInt(VALUES);
    }

    private StatusCode status() {
        return StatusCode.values()[random.nextInt(3)];
    }

    List<TestSpan> trace(int maxSpans) {
        TraceId id = new TraceId(random.nextLong(), random.nextLong());
        List<TestSpan> spans = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(maxSpans); i++) {
            spans.add(span(id, i + 1L));
        }
        return spans;
    }

    private TestSpan span(TraceId id, long spanId) {
        TestSpan span = TestSpan.of(id).id(spanId).parent(random.nextInt(4) == 0 ? 0 : 1).name("op" + random.nextInt(3))
                .status(status()).encodedSize(50 + random.nextInt(500)).traceState(traceState())
                .resource("service.name", "svc" + random.nextInt(3));
        long start = 1_000 + random.nextInt(100);
        span.millis(random.nextInt(10) == 0 ? 0 : start, random.nextInt(10) == 0 ? 0 : start + random.nextInt(60));
        for (int i = 0; i < random.nextInt(3); i++) {
            attribute(span);
        }
        return span;
    }

    private void attribute(TestSpan span) {
        String key = key().name();
        switch (random.nextInt(6)) {
            case 0 -> span.with(key, random.nextInt(VALUES));
            case 1 -> span.with(key, random.nextDouble() * VALUES);
            case 2 -> span.with(key, random.nextBoolean());
            case 3 -> span.resource(key, text());
            default -> span.with(key, text());
        }
    }

    private String traceState() {
        return switch (random.nextInt(20)) {
            case 0 -> "ot=rv:%014x".formatted(random.nextLong(1L << 56));
            case 1 -> "ot=th:8;rv:bad";
            case 2 -> "vendor=x";
            case 3 -> "vendor=x,ot=th:" + Threshold.ofProbability(random.nextDouble(0.01, 1)).th();
            default -> null;
        };
    }
}
