package dev.tailsampling.policy;

import com.google.re2j.Pattern;
import dev.tailsampling.ottl.OttlCondition;
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
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** Force rules, a way of combining, a default, and inverted policies as well. */
    PolicySet fullPolicySet(int policies) {
        List<NamedPolicy> named = new ArrayList<>(policySet(policies).policies());
        if (random.nextInt(4) == 0) {
            named.add(NamedPolicy.of("inverted", new SamplingPolicy.Inverted(NamedPolicy.of("i", certain()))));
        }
        if (random.nextInt(4) == 0) {
            named.add(NamedPolicy.of("hashed", new SamplingPolicy.Hashed(new TraceIdHash.Fnv("salt", 50, true))));
        }
        List<ForceRule> rules = IntStream.range(0, random.nextInt(4)).mapToObj(this::rule).toList();
        return new PolicySet(named, Combination.values()[random.nextInt(3)], Threshold.ofShare(random.nextInt(2) * 0.5),
                random.nextInt(3) == 0 ? 3_000 : PolicySet.NO_LIMIT, rules);
    }

    private ForceRule rule(int number) {
        ForceRule.Action action = random.nextInt(3) == 0
                ? new ForceRule.Action.ForceDrop()
                : new ForceRule.Action.ForceKeep(Threshold.ofShare(random.nextInt(3) * 0.5));
        SpanMatch match = SpanMatch.of(List.of(matcher("service.name", "svc")), List.of(matcher(key().name(), "v")));
        return new ForceRule("r" + number, "", random.nextInt(3), match, action, Instant.EPOCH.plusSeconds(number),
                Instant.MAX, true);
    }

    private Matcher matcher(String key, String prefix) {
        return new Matcher(key, random.nextInt(3) == 0 ? Matcher.Operator.NEQ_OR_ABSENT : Matcher.Operator.EQ,
                List.of(new StringValue(prefix + random.nextInt(3))));
    }

    private SpanTest spanTest(int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 9)) {
            case 0 -> new SpanTest.Value(new ValueSource.FirstOf(List.of(
                    new ValueSource.Attribute(ValueSource.Owner.SPAN, key()),
                    new ValueSource.Attribute(ValueSource.Owner.SCOPE, key()),
                    new ValueSource.Attribute(ValueSource.Owner.RESOURCE, key()))),
                    new ValueTest.StringIn(Set.of(text(), text() + "x")));
            case 1 -> new SpanTest.Value(ValueSource.Field.DURATION_NANOS,
                    new ValueTest.NumberIn(NumberRange.above(BigDecimal.valueOf(random.nextLong(60_000_000)))));
            case 2 -> new SpanTest.Event(List.of(new SpanTest.ItemTest(null, new ValueTest.StringIn(Set.of("e1")))));
            case 3 -> new SpanTest.Link(List.of(new SpanTest.ItemTest(key(), new ValueTest.Exists())));
            case 4 -> new SpanTest.SampledFlag();
            case 5 -> new SpanTest.Ottl(OttlCondition.parseSpan("attributes[\"%s\"] == \"%s\" and IsRootSpan()"
                    .formatted(key(), text())));
            case 6 -> new SpanTest.Not(spanTest(depth - 1));
            case 7 -> new SpanTest.AllOf(List.of(spanTest(depth - 1), spanTest(depth - 1)));
            default -> new SpanTest.AnyOf(List.of(spanTest(depth - 1), spanTest(depth - 1)));
        };
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
        return switch (random.nextInt(16)) {
            case 9 -> new SamplingPolicy.Spans(Quantifier.values()[random.nextInt(3)], spanTest(2));
            case 10 -> new SamplingPolicy.TraceNumberIn(TraceNumber.ITEM_COUNT,
                    NumberRange.atLeast(BigDecimal.valueOf(random.nextInt(30))));
            case 11 -> new SamplingPolicy.HasRoot();
            case 12 -> new SamplingPolicy.TraceState("vendor", Set.of("x"));
            case 13 -> new SamplingPolicy.TraceFlags();
            case 14 -> new SamplingPolicy.OttlConditions(List.of(OttlCondition.parseSpan("Double(name) > 1")),
                    SamplingPolicy.OttlConditions.ErrorMode.PROPAGATE);
            case 15 -> new SamplingPolicy.Or(List.of(NamedPolicy.of("a", certain()), NamedPolicy.of("b", certain())));
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
                .resource("service.name", "svc" + random.nextInt(3)).flags(random.nextInt(3))
                .scopeAttribute(key().name(), new StringValue(text()));
        for (int i = 0; i < random.nextInt(3); i++) {
            span.event("e" + random.nextInt(3), Map.of());
        }
        if (random.nextInt(5) == 0) {
            span.link(id, 7, Map.of(key().name(), new StringValue(text())));
        }
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
