package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Splits a policy set into the conditions that spans are tested for and the functions that decide from a summary. */
final class PolicyCompiler {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Map<SpanCondition, Integer> bits = new LinkedHashMap<>();

    static CompiledPolicies compile(PolicySet set) {
        PolicyCompiler compiler = new PolicyCompiler();
        List<CompiledPolicies.Entry> entries = set.policies().stream().map(compiler::entry).toList();
        return new CompiledPolicies(set.version(), entries, compiler.byKey(), compiler.bits.size());
    }

    private CompiledPolicies.Entry entry(NamedPolicy named) {
        boolean drops = named.policy() instanceof SamplingPolicy.Drop;
        return CompiledPolicies.Entry.of(named.name(), PolicyText.of(named), drops, compile(named));
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
            case SamplingPolicy.Latency latency ->
                new CompiledPolicy.Duration(nanos(latency.thresholdMillisExclusive()),
                        nanos(latency.upperMillisInclusive()));
            case SamplingPolicy.StatusCodes status -> new CompiledPolicy.Status(mask(status.codes()));
            case SamplingPolicy.StringAttribute string -> condition(string.patterns().isEmpty()
                    ? new SpanCondition.StringIn(string.key(), string.values())
                    : new SpanCondition.StringMatches(string.key(), string.patterns()));
            case SamplingPolicy.NumericAttribute number ->
                condition(SpanCondition.NumberWithin.of(number.key(), number.minInclusive(), number.maxInclusive()));
            case SamplingPolicy.BooleanAttribute bool ->
                condition(new SpanCondition.BooleanIs(bool.key(), bool.value()));
            case SamplingPolicy.Probabilistic share -> new CompiledPolicy.Share(share.threshold().value());
            case SamplingPolicy.SpanCount count ->
                new CompiledPolicy.Spans(count.minInclusive(), count.maxInclusive());
            case SamplingPolicy.And and -> all(and.policies());
            case SamplingPolicy.Not not -> new CompiledPolicy.Opposite(compile(not.policy()));
            case SamplingPolicy.Drop drop -> all(drop.policies());
        };
    }

    private CompiledPolicy all(List<NamedPolicy> policies) {
        return new CompiledPolicy.All(policies.stream().map(this::compile).toList());
    }

    private CompiledPolicy condition(SpanCondition condition) {
        return new CompiledPolicy.Condition(bits.computeIfAbsent(condition, unseen -> bits.size()),
                condition.key().name());
    }

    private static int mask(Set<StatusCode> codes) {
        return codes.stream().mapToInt(code -> 1 << code.ordinal()).reduce(0, (a, b) -> a | b);
    }

    /** Saturates, so that "no upper bound" and bounds beyond 292 years stay bounds. */
    private static long nanos(long millis) {
        return millis > Long.MAX_VALUE / NANOS_PER_MILLI ? Long.MAX_VALUE : millis * NANOS_PER_MILLI;
    }

    private List<SpanFolder.KeyConditions> byKey() {
        Map<AttributeKey, List<Map.Entry<SpanCondition, Integer>>> groups = new LinkedHashMap<>();
        bits.entrySet().forEach(
                owned -> groups.computeIfAbsent(owned.getKey().key(), unseen -> new ArrayList<>()).add(owned));
        return groups.entrySet().stream().map(group -> group(group.getKey(), group.getValue())).toList();
    }

    private static SpanFolder.KeyConditions group(AttributeKey key, List<Map.Entry<SpanCondition, Integer>> owned) {
        return new SpanFolder.KeyConditions(key, owned.stream().map(Map.Entry::getKey).toList(),
                owned.stream().mapToInt(Map.Entry::getValue).toArray());
    }
}
