package dev.tailsampling.policy;

import dev.tailsampling.ottl.OttlCondition;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.Reading;
import dev.tailsampling.policy.ValueSource.Attribute;
import dev.tailsampling.policy.ValueSource.Owner;
import dev.tailsampling.sampler.SamplerKey;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Splits a policy set into the tests that spans are put to and the functions that decide from a summary. */
final class PolicyCompiler {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final AttributeValue NO_TEXT = new AttributeValue.StringValue("");

    private final Map<SpanTest, Integer> bits = new LinkedHashMap<>();
    private final Map<KeyedField, Integer> keyed = new LinkedHashMap<>();
    private final List<Limit> limits = new ArrayList<>();
    private final RequiredFields fields = new RequiredFields();

    /** A value that a sampler with keys collects. */
    private record KeyedField(ValueSource source, boolean rootOnly) {}

    static CompiledPolicies compile(PolicySet set) {
        PolicyCompiler compiler = new PolicyCompiler();
        List<CompiledPolicies.Rule> rules = set.forceRules().stream().map(compiler::rule).toList();
        List<CompiledPolicies.Entry> entries = set.policies().stream().map(compiler::entry).toList();
        return new CompiledPolicies(set, rules, entries, List.copyOf(compiler.bits.keySet()), compiler.keyedValues(),
                List.copyOf(compiler.limits), compiler.fields(set));
    }

    private Set<SpanField> fields(PolicySet set) {
        bits.keySet().forEach(fields::add);
        keyed.keySet().forEach(field -> {
            if (field.rootOnly()) {
                fields.addOfRoot(field.source());
            } else {
                fields.add(field.source());
            }
        });
        if (set.maxTraceBytes() != PolicySet.NO_LIMIT) {
            fields.add(TraceNumber.BYTE_COUNT);
        }
        return fields.collected();
    }

    private CompiledPolicies.Rule rule(ForceRule rule) {
        return CompiledPolicies.Rule.of(rule, bit(rule.match().test()));
    }

    private CompiledPolicies.Entry entry(NamedPolicy named) {
        CompiledPolicies.Kind kind = switch (named.policy()) {
            case SamplingPolicy.Drop ignored -> CompiledPolicies.Kind.DROP;
            case SamplingPolicy.Inverted ignored -> CompiledPolicies.Kind.INVERTED;
            default -> CompiledPolicies.Kind.SAMPLE;
        };
        int firstLimit = limits.size();
        CompiledPolicy policy = compile(named);
        return CompiledPolicies.Entry.of(named.name(), PolicyText.of(named), kind, policy,
                IntStream.range(firstLimit, limits.size()).boxed().toList(), sampleRate(named));
    }

    /** One in how many of the traces that a policy matches it samples, as far as that is fixed. */
    private static int sampleRate(NamedPolicy named) {
        if (named.policy() instanceof SamplingPolicy.Drop || named.rate().equals(Threshold.NEVER)) {
            return 0;
        }
        return Math.max(oneIn(named.rate()), switch (named.policy()) {
            case SamplingPolicy.Hashed hashed when hashed.hash() instanceof TraceIdHash.Sha1 sha1 -> sha1.rate();
            case SamplingPolicy.And and ->
                and.policies().stream().mapToInt(PolicyCompiler::sampleRate).max().orElse(1);
            default -> 1;
        });
    }

    /** The nearest whole number; 0 where none is kept. */
    static int oneIn(Threshold threshold) {
        return threshold.equals(Threshold.NEVER) ? 0 : (int) Math.round(threshold.adjustedCount());
    }

    private CompiledPolicy compile(NamedPolicy named) {
        CompiledPolicy policy = compile(named.policy());
        return named.rate().equals(Threshold.ALWAYS)
                ? policy
                : new CompiledPolicy.All(List.of(policy, new CompiledPolicy.Share(named.rate().value())));
    }

    private CompiledPolicy compile(SamplingPolicy policy) {
        return switch (policy) {
            case SamplingPolicy.AlwaysSample ignored -> new CompiledPolicy.Always();
            case Latency latency -> latency(latency);
            case SamplingPolicy.TraceNumberIn number ->
                new CompiledPolicy.Number(counted(number.number()), number.range());
            case SamplingPolicy.Spans spans -> spans(spans.quantifier(), spans.test(), SpanTestText.of(spans.test()));
            case SamplingPolicy.HasRoot ignored -> new CompiledPolicy.HasRoot();
            case SamplingPolicy.StatusCodes status -> new CompiledPolicy.Status(mask(status.codes()));
            case SamplingPolicy.StringAttribute string -> string(string);
            case SamplingPolicy.NumericAttribute number -> attribute(number, number.key(), numberTest(number));
            case SamplingPolicy.BooleanAttribute bool -> attribute(bool, bool.key(), booleanTest(bool));
            case SamplingPolicy.TraceState state -> anySpan(state, new SpanTest.Value(
                    new ValueSource.TraceStateEntry(state.key()), new ValueTest.StringIn(state.values())));
            case SamplingPolicy.TraceFlags flags -> anySpan(flags, new SpanTest.SampledFlag());
            case SamplingPolicy.OttlConditions ottl -> ottl(ottl);
            case SamplingPolicy.Probabilistic share -> new CompiledPolicy.Share(share.threshold().value());
            case SamplingPolicy.Hashed hashed -> new CompiledPolicy.Hash(HashShare.of(hashed.hash()));
            case SamplingPolicy.SpanCount count -> new CompiledPolicy.Number(TraceNumber.SPAN_COUNT,
                    NumberRange.closed(BigDecimal.valueOf(count.minInclusive()),
                            BigDecimal.valueOf(count.maxInclusive())));
            case SamplingPolicy.RateLimiting rate -> limited(policy, rate(rate));
            case SamplingPolicy.Composite composite -> limited(policy, new Limit.Composite(composite,
                    composite.policies().stream().map(this::compile).toList()));
            case SamplingPolicy.Budget budget -> limited(policy, budget(budget));
            case SamplingPolicy.Keyed sampler -> limited(policy, new Limit.Keyed(sampler, key(sampler.key())));
            case SamplingPolicy.And and -> all(and.policies(), this::compile);
            case SamplingPolicy.Or or -> new CompiledPolicy.Any(or.policies().stream().map(this::compile).toList());
            case SamplingPolicy.Inverted inverted -> new CompiledPolicy.Opposite(compile(inverted.policy()));
            case SamplingPolicy.Not not -> new CompiledPolicy.Opposite(compile(not.policy()));
            case SamplingPolicy.Drop drop -> all(drop.policies(), this::dropped);
        };
    }

    /** The number, which from now on has to be counted. */
    private TraceNumber counted(TraceNumber number) {
        fields.add(number);
        return number;
    }

    private Limit rate(SamplingPolicy.RateLimiting rate) {
        counted(rate.cost());
        return switch (rate.method()) {
            case THRESHOLD -> new Limit.ThresholdRate(rate, new CompiledPolicy.Always());
            case TOKEN_BUCKET -> new Limit.BucketRate(rate);
        };
    }

    private Limit budget(SamplingPolicy.Budget budget) {
        counted(budget.cost());
        return new Limit.Budget(budget, budget.policies().stream().map(this::compile).toList(),
                new CompiledPolicy.Always());
    }

    /** The Collector drops what its {@code probabilistic} chooses, by tracestate as well; ours the lowest randomness. */
    private CompiledPolicy dropped(NamedPolicy part) {
        CompiledPolicy policy = compile(part);
        return policy instanceof CompiledPolicy.Hash ? new CompiledPolicy.Chosen(policy) : policy;
    }

    private static CompiledPolicy latency(Latency latency) {
        BigDecimal lower = BigDecimal.valueOf(latency.thresholdMillisExclusive());
        BigDecimal upper = latency.upperMillisInclusive() == Latency.NO_UPPER_BOUND
                ? null
                : BigDecimal.valueOf(latency.upperMillisInclusive());
        boolean inclusive = latency.comparison() == Latency.Comparison.WHOLE_MILLIS_INCLUSIVE;
        NumberRange millis = new NumberRange(lower, inclusive, upper, true);
        if (latency.comparison() == Latency.Comparison.EXACT) {
            return new CompiledPolicy.Number(TraceNumber.DURATION_NANOS, millis.times(NANOS_PER_MILLI));
        }
        return new CompiledPolicy.Number(TraceNumber.DURATION_NANOS, NANOS_PER_MILLI, millis, millis.bounds());
    }

    private CompiledPolicy spans(Quantifier quantifier, SpanTest test, String text) {
        return switch (quantifier) {
            case ANY_SPAN -> new CompiledPolicy.Condition(bit(test), true, text);
            case ROOT -> {
                SpanTest ofRoot = SpanTest.allOf(List.of(new SpanTest.Root(), test));
                yield new CompiledPolicy.Condition(bit(ofRoot), true, SpanTestText.of(ofRoot));
            }
            case ALL_SPANS -> new CompiledPolicy.Condition(bit(new SpanTest.Not(test)), false, text);
        };
    }

    private CompiledPolicy anySpan(SamplingPolicy policy, SpanTest test) {
        return spans(Quantifier.ANY_SPAN, test, PolicyText.of(policy));
    }

    /** On the resource or on the span: either will do. */
    private CompiledPolicy attribute(SamplingPolicy policy, AttributeKey key, ValueTest test) {
        return attribute(policy, key, test, test);
    }

    private CompiledPolicy attribute(SamplingPolicy policy, AttributeKey key, ValueTest ofResource,
            ValueTest ofSpan) {
        return anySpan(policy, new SpanTest.AnyOf(List.of(
                new SpanTest.Value(new Attribute(Owner.RESOURCE, key), ofResource),
                new SpanTest.Value(new Attribute(Owner.SPAN, key), ofSpan))));
    }

    /** The Collector reads another type, where the key is there at all, as empty. */
    private static ValueTest read(Reading reading, AttributeValue empty, ValueTest test) {
        return reading == Reading.TYPED ? test : new ValueTest.Mistyped(empty, test);
    }

    /** In the Collector an empty text of a resource is put to the patterns, one of a span never matches. */
    private CompiledPolicy string(SamplingPolicy.StringAttribute string) {
        ValueTest test = string.patterns().isEmpty()
                ? new ValueTest.StringIn(string.values())
                : new ValueTest.StringMatches(string.patterns());
        return string.reading() == Reading.TYPED
                ? attribute(string, string.key(), test)
                : attribute(string, string.key(), new ValueTest.Mistyped(NO_TEXT, test), new ValueTest.NotEmpty(test));
    }

    private static ValueTest numberTest(SamplingPolicy.NumericAttribute number) {
        ValueTest test = new ValueTest.NumberIn(NumberRange.closed(number.minInclusive(), number.maxInclusive()));
        return read(number.reading(), new AttributeValue.LongValue(0), test);
    }

    private static ValueTest booleanTest(SamplingPolicy.BooleanAttribute bool) {
        return read(bool.reading(), new AttributeValue.BoolValue(false), new ValueTest.BooleanIs(bool.value()));
    }

    private CompiledPolicy ottl(SamplingPolicy.OttlConditions ottl) {
        List<CompiledPolicy> parts = new ArrayList<>();
        for (OttlCondition condition : ottl.conditions()) {
            parts.add(spans(Quantifier.ANY_SPAN, new SpanTest.Ottl(condition), condition.text()));
        }
        if (ottl.errorMode() == SamplingPolicy.OttlConditions.ErrorMode.PROPAGATE) {
            for (OttlCondition condition : ottl.conditions()) {
                parts.add(new CompiledPolicy.Failure(bit(new SpanTest.OttlFailure(condition)), condition.text()));
            }
        }
        return parts.size() == 1 ? parts.getFirst() : new CompiledPolicy.Any(parts);
    }

    /** A limit among the parts lets only those traces compete that the parts without limits match. */
    private CompiledPolicy all(List<NamedPolicy> policies, Function<NamedPolicy, CompiledPolicy> compiler) {
        int firstLimit = limits.size();
        List<CompiledPolicy> parts = policies.stream().map(compiler).toList();
        List<CompiledPolicy> gate =
                parts.stream().filter(part -> !(part instanceof CompiledPolicy.Limited)).toList();
        for (int slot = firstLimit; slot < limits.size(); slot++) {
            limits.set(slot, limits.get(slot).behind(new CompiledPolicy.All(gate)));
        }
        return new CompiledPolicy.All(parts);
    }

    private CompiledPolicy limited(SamplingPolicy policy, Limit limit) {
        limits.add(limit);
        return new CompiledPolicy.Limited(limits.size() - 1, PolicyText.of(policy));
    }

    private int bit(SpanTest test) {
        return bits.computeIfAbsent(test, unseen -> bits.size());
    }

    private KeyValues key(KeyFields key) {
        Map<String, Integer> spans = slots(key.fields(), false);
        Map<String, Integer> root = slots(key.rootFields(), true);
        return new KeyValues(new SamplerKey(List.copyOf(spans.keySet()), List.copyOf(root.keySet()),
                key.useTraceLength()), spans, root);
    }

    private Map<String, Integer> slots(List<KeyFields.Field> fields, boolean rootOnly) {
        Map<String, Integer> slots = new LinkedHashMap<>();
        fields.forEach(field -> slots.put(field.name(),
                keyed.computeIfAbsent(new KeyedField(field.source(), rootOnly), unseen -> keyed.size())));
        return slots;
    }

    private List<KeyedValues> keyedValues() {
        List<KeyedValues> values = new ArrayList<>();
        keyed.forEach((field, slot) -> values.add(new KeyedValues(slot, field.source(), field.rootOnly())));
        return List.copyOf(values);
    }

    private static int mask(Set<StatusCode> codes) {
        return codes.stream().mapToInt(code -> 1 << code.ordinal()).reduce(0, (a, b) -> a | b);
    }
}
