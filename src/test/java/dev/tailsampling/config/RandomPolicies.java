package dev.tailsampling.config;

import dev.tailsampling.ottl.OttlCondition;
import dev.tailsampling.policy.Combination;
import dev.tailsampling.policy.KeyFields;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.NumberRange;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.Quantifier;
import dev.tailsampling.policy.RefineryComparison;
import dev.tailsampling.policy.RefineryComparison.Datatype;
import dev.tailsampling.policy.RefineryFields;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.OttlConditions.ErrorMode;
import dev.tailsampling.policy.SamplingPolicy.RateLimiting;
import dev.tailsampling.policy.SamplingPolicy.Reading;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.policy.SpanTest;
import dev.tailsampling.policy.TraceIdHash;
import dev.tailsampling.policy.TraceNumber;
import dev.tailsampling.policy.ValueTest;
import dev.tailsampling.sampler.BudgetTree;
import dev.tailsampling.sampler.CompositeAllocation;
import dev.tailsampling.sampler.KeyedSampler;
import dev.tailsampling.sampler.MovingAverage;
import dev.tailsampling.sampler.RateLimit;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Random policy sets of every kind that a policies file of one mode of compatibility can hold. */
final class RandomPolicies {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Random random;
    private final Compat compat;

    RandomPolicies(long seed, Compat compat) {
        this.random = new Random(seed);
        this.compat = compat;
    }

    PolicySet set() {
        List<NamedPolicy> policies = IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> new NamedPolicy("policy " + i, top(), rate())).toList();
        return new PolicySet(policies, oneOf(Combination.values()),
                oneOf(Threshold.ALWAYS, Threshold.NEVER, Threshold.ofShare(random.nextDouble())),
                random.nextBoolean() ? PolicySet.NO_LIMIT : 1 + random.nextInt(10_000), List.of());
    }

    private Threshold rate() {
        return oneOf(Threshold.ALWAYS, Threshold.ALWAYS, Threshold.ofShare(1.0 / (2 + random.nextInt(99))),
                Threshold.ofShare(random.nextDouble()), Threshold.NEVER);
    }

    private SamplingPolicy top() {
        return pick(List.of(this::simple, this::simple, this::match, this::match,
                () -> new SamplingPolicy.And(named(this::simple)),
                () -> new SamplingPolicy.And(List.of(one(match()), one(keyed()))),
                () -> new SamplingPolicy.And(List.of(one(simple()),
                        one(new SamplingPolicy.Hashed(new TraceIdHash.Sha1(1 + random.nextInt(50)))))),
                () -> new SamplingPolicy.Not(one(oneOf(match(), attribute()))),
                () -> new SamplingPolicy.Drop(named(this::simple)), this::keyed, this::limited, this::shared,
                this::inverted));
    }

    private SamplingPolicy inverted() {
        return compat == Compat.OTEL_LEGACY ? new SamplingPolicy.Inverted(one(attribute())) : simple();
    }

    private SamplingPolicy simple() {
        return pick(List.of(SamplingPolicy.AlwaysSample::new, this::latency, this::attribute, this::attribute,
                () -> new SamplingPolicy.StatusCodes(EnumSet.of(oneOf(StatusCode.values()), StatusCode.ERROR)),
                () -> new SamplingPolicy.TraceState("vendor", Set.of(text(), "a b")),
                SamplingPolicy.TraceFlags::new, this::probabilistic,
                () -> new SamplingPolicy.SpanCount(1 + random.nextInt(9),
                        oneOf(SamplingPolicy.SpanCount.NO_LIMIT, 10 + random.nextInt(9))),
                () -> new SamplingPolicy.OttlConditions(List.of(OttlCondition.parseSpan("name == \"a: #b\""),
                        OttlCondition.parseSpanEvent("name == 'x'".replace('\'', '"'))), oneOf(ErrorMode.values())),
                this::match));
    }

    private SamplingPolicy latency() {
        return new Latency(random.nextInt(100), oneOf(Latency.NO_UPPER_BOUND, 100L + random.nextInt(100)),
                switch (compat) {
                    case NATIVE -> Latency.Comparison.EXACT;
                    case OTEL -> Latency.Comparison.WHOLE_MILLIS;
                    case OTEL_LEGACY -> Latency.Comparison.WHOLE_MILLIS_INCLUSIVE;
                });
    }

    private SamplingPolicy attribute() {
        Reading reading = compat.isCollector() ? Reading.COLLECTOR : Reading.TYPED;
        AttributeKey key = AttributeKey.of(key());
        BigDecimal bound = oneOf(new BigDecimal("1.50"), BigDecimal.valueOf(7), new BigDecimal("1E+3"));
        return switch (random.nextInt(5)) {
            case 0 -> new SamplingPolicy.StringAttribute(key, Set.of(text(), text() + "x"), List.of(), reading);
            case 1 -> new SamplingPolicy.StringAttribute(key, Set.of(),
                    ValueTest.StringMatches.of(List.of("^a+", "\\d{2}#: x")).patterns(), reading);
            case 2 -> new SamplingPolicy.BooleanAttribute(key, random.nextBoolean(), reading);
            case 3 -> new SamplingPolicy.NumericAttribute(key, bound, null, reading);
            default -> new SamplingPolicy.NumericAttribute(key, BigDecimal.ONE, bound, reading);
        };
    }

    private SamplingPolicy probabilistic() {
        double percentage = oneOf(0.0, 12.5, 33.3, 100.0);
        return compat.isCollector()
                ? new SamplingPolicy.Hashed(new TraceIdHash.Fnv(text(), percentage, true))
                : new SamplingPolicy.Probabilistic(Threshold.ofShare(percentage / 100));
    }

    private SamplingPolicy limited() {
        RateLimiting.Method method =
                compat.isCollector() ? RateLimiting.Method.TOKEN_BUCKET : RateLimiting.Method.THRESHOLD;
        return new RateLimiting(oneOf(TraceNumber.SPAN_COUNT, TraceNumber.BYTE_COUNT),
                new RateLimit(1 + random.nextInt(100), 1 + random.nextInt(100)), method);
    }

    private SamplingPolicy shared() {
        List<NamedPolicy> policies = named(this::simple);
        if (compat.isCollector()) {
            return new SamplingPolicy.Composite(policies, CompositeAllocation.ofPercents(1000,
                    policies.stream().map(policy -> (long) random.nextInt(100)).toList()));
        }
        return new SamplingPolicy.Budget(oneOf(TraceNumber.SPAN_COUNT, TraceNumber.BYTE_COUNT),
                new RateLimit(100, 100 + random.nextInt(100)),
                new BudgetTree(policies.stream().map(policy -> new BudgetTree.Child(policy.name(), 12.5)).toList()),
                policies);
    }

    private SamplingPolicy keyed() {
        MovingAverage average = new MovingAverage(Duration.ofMillis(1500), 0.25, 0.125, oneOf(2.0, -1.0, 2.5), 4);
        KeyedSampler sampler = oneOf(KeyedSampler.Dynamic.of(1 + random.nextInt(9)),
                new KeyedSampler.EmaDynamic(1 + random.nextInt(9), average, 77),
                new KeyedSampler.EmaThroughput(2.5, 7, average, 9),
                KeyedSampler.WindowedThroughput.of(3, Duration.ofMillis(500)), KeyedSampler.TotalThroughput.of(11));
        boolean refinery = random.nextBoolean();
        return new SamplingPolicy.Keyed(sampler, new KeyFields(List.of(field(refinery), field(refinery)),
                random.nextBoolean() ? List.of() : List.of(field(refinery)), random.nextBoolean()));
    }

    private KeyFields.Field field(boolean refinery) {
        String name = key() + random.nextInt(100);
        return new KeyFields.Field(name,
                refinery ? RefineryFields.of(List.of(name), false) : SpanMatch.anywhere(name));
    }

    /** What match blocks stand for, in each other. */
    private SamplingPolicy match() {
        return pick(List.of(this::number, SamplingPolicy.HasRoot::new, this::spans, this::spans, this::spans,
                () -> new SamplingPolicy.And(List.of(one(match()), one(match()), one(match()))),
                () -> new SamplingPolicy.Or(named(this::match)),
                () -> new SamplingPolicy.Not(one(match()))));
    }

    private SamplingPolicy number() {
        TraceNumber number = oneOf(TraceNumber.values());
        NumberRange range = range();
        return new SamplingPolicy.TraceNumberIn(number,
                number == TraceNumber.DURATION_NANOS ? range.times(NANOS_PER_MILLI) : range);
    }

    private NumberRange range() {
        BigDecimal bound = oneOf(new BigDecimal("0.5"), BigDecimal.valueOf(7), BigDecimal.valueOf(3000));
        return oneOf(NumberRange.above(bound), NumberRange.atLeast(bound), NumberRange.below(bound),
                NumberRange.atMost(bound), NumberRange.exactly(bound));
    }

    private SamplingPolicy spans() {
        return new SamplingPolicy.Spans(oneOf(Quantifier.values()),
                pick(List.of(() -> match(random.nextInt(6)).test(), () -> match(random.nextInt(6)).test(),
                        () -> new SpanTest.AnyItem(List.of(fieldTest(), fieldTest())), this::refinery)));
    }

    private SpanTest refinery() {
        return SpanTest.allOf(IntStream.rangeClosed(0, random.nextInt(2)).mapToObj(i -> fieldTest())
                .<SpanTest>map(test -> new SpanTest.Value(test.fields(), test.test())).toList());
    }

    private SpanTest.FieldTest fieldTest() {
        RefineryComparison.Operator operator = oneOf(RefineryComparison.Operator.values());
        Datatype datatype = operator == RefineryComparison.Operator.IN || operator == RefineryComparison.Operator.NOT_IN
                ? oneOf(Datatype.UNTYPED, Datatype.STRING, Datatype.INT, Datatype.FLOAT)
                : oneOf(Datatype.values());
        AttributeValue value = oneOf(new LongValue(5), new DoubleValue(5), new DoubleValue(2.75), new StringValue("7"));
        return new SpanTest.FieldTest(
                RefineryFields.of(random.nextBoolean() ? List.of(key()) : List.of(key(), key() + "2"),
                        random.nextBoolean()),
                RefineryComparison.of(operator, datatype, List.of(value)));
    }

    /** Matchers in one group at least. */
    private SpanMatch match(int group) {
        List<List<Matcher>> groups = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            boolean last = i > 3;
            groups.add(i == group || random.nextInt(4) == 0 ? matchers(last ? "attribute" : null) : List.of());
        }
        return new SpanMatch(groups.get(0), groups.get(1), groups.get(2), groups.get(3), groups.get(4), groups.get(5));
    }

    private List<Matcher> matchers(@org.jspecify.annotations.Nullable String key) {
        return IntStream.rangeClosed(0, random.nextInt(2)).mapToObj(i -> matcher(key == null ? key() : key)).toList();
    }

    private Matcher matcher(String key) {
        Operator operator = oneOf(Operator.values());
        AttributeValue value = oneOf(new LongValue(500), new DoubleValue(2.5), new BoolValue(true),
                new StringValue("text"), new StringValue("12"), new StringValue("1.0"));
        return switch (operator) {
            case EXISTS, NOT_EXISTS -> new Matcher(key, operator, List.of());
            case IN, NOT_IN ->
                new Matcher(key, operator, List.of(new StringValue("false"), value, new StringValue("z"), value));
            case GT, GTE, LT, LTE ->
                new Matcher(key, operator, List.of(oneOf(new LongValue(7), new DoubleValue(0.125))));
            default -> new Matcher(key, operator, List.of(value));
        };
    }

    private String key() {
        return oneOf("http.route", "span.name", "scope.name", "with space: and #", "500", "true", "event.name");
    }

    private String text() {
        return oneOf("plain", "it's \"quoted\" \\", "12", "true", "null", "a: b # c", "- x", "1e5", "= ", "ünïcode\n");
    }

    private List<NamedPolicy> named(Supplier<SamplingPolicy> policy) {
        return IntStream.rangeClosed(1, 1 + random.nextInt(3))
                .mapToObj(i -> NamedPolicy.of("part " + i, policy.get())).toList();
    }

    private static NamedPolicy one(SamplingPolicy policy) {
        return NamedPolicy.of("one", policy);
    }

    @SafeVarargs
    private <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> T pick(List<Supplier<T>> choices) {
        return choices.get(random.nextInt(choices.size())).get();
    }
}
