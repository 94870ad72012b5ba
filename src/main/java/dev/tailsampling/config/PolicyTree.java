package dev.tailsampling.config;

import dev.tailsampling.policy.Combination;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.TraceIdHash;
import dev.tailsampling.policy.ValueTest;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Policies as the plain values of a policies file, the opposite of {@link PolicyParser} and what it calls. */
final class PolicyTree {

    private static final String SAMPLER = "sampler";
    private static final MathContext FEW_DIGITS = new MathContext(15);

    /** The whole file. */
    Map<String, Object> of(PolicySet set, Compat compat) {
        Map<String, Object> file = new LinkedHashMap<>();
        if (compat != Compat.NATIVE) {
            file.put("compat", compat.label());
        }
        if (set.combination() != Combination.ANY) {
            file.put("combine", set.combination().name().toLowerCase(Locale.ROOT));
        }
        if (set.unmatched().equals(Threshold.ALWAYS)) {
            file.put("default", "keep");
        } else if (!set.unmatched().equals(Threshold.NEVER)) {
            file.put("default", percentage(set.unmatched()));
        }
        if (set.maxTraceBytes() != PolicySet.NO_LIMIT) {
            file.put("maximum_trace_size_bytes", set.maxTraceBytes());
        }
        file.put(ListedPolicies.KEY, set.policies().stream().map(this::policy).toList());
        return file;
    }

    private Map<String, Object> policy(NamedPolicy named) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", named.name());
        if (named.policy() instanceof SamplingPolicy.Drop drop && drop.policies().size() == 1
                && named.rate().equals(Threshold.ALWAYS)) {
            NamedPolicy dropped = drop.policies().getFirst();
            fields.putAll(sampled(dropped.policy()));
            rate(dropped.rate(), fields);
            fields.put("drop", true);
        } else {
            fields.putAll(sampled(named.policy()));
            rate(named.rate(), fields);
        }
        return fields;
    }

    private List<Map<String, Object>> policies(List<NamedPolicy> policies) {
        return policies.stream().map(this::policy).toList();
    }

    private static void rate(Threshold rate, Map<String, Object> fields) {
        if (rate.equals(Threshold.ALWAYS)) {
            return;
        }
        long oneIn = rate.equals(Threshold.NEVER) ? 0 : Math.round(rate.adjustedCount());
        if (oneIn > 0 && Threshold.ofShare(1.0 / oneIn).equals(rate)) {
            fields.put("sample_rate", oneIn);
        } else {
            fields.put("sampling_percentage", percentage(rate));
        }
    }

    /** In few digits where they say it all. */
    private static Number percentage(Threshold rate) {
        BigDecimal exact = new BigDecimal(Double.toString(rate.probability())).movePointRight(2);
        BigDecimal rounded = exact.round(FEW_DIGITS);
        return plain(PolicyRates.share(rounded).equals(rate) ? rounded : exact);
    }

    /** Whole numbers without a point. */
    static Number plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() <= 0 ? stripped.toBigIntegerExact() : stripped;
    }

    /** A policy, and the sampler beside it that decides on what it matches. */
    private Map<String, Object> sampled(SamplingPolicy policy) {
        if (policy instanceof SamplingPolicy.And and && and.policies().size() == 2
                && and.policies().getLast().rate().equals(Threshold.ALWAYS)
                && and.policies().getFirst().rate().equals(Threshold.ALWAYS)
                && !(and.policies().getFirst().policy() instanceof SamplingPolicy.AlwaysSample)) {
            Map<String, Object> sampler = SamplerTree.of(and.policies().getLast().policy());
            if (sampler != null) {
                Map<String, Object> fields = new LinkedHashMap<>(typed(and.policies().getFirst().policy()));
                fields.put(SAMPLER, sampler);
                return fields;
            }
        }
        return typed(policy);
    }

    /** Type and block. */
    private Map<String, Object> typed(SamplingPolicy policy) {
        Map<String, Object> match = MatchTree.of(policy);
        return match == null ? other(policy) : block("match", match);
    }

    private Map<String, Object> other(SamplingPolicy policy) {
        return switch (policy) {
            case SamplingPolicy.AlwaysSample ignored -> block("always_sample", Map.of());
            case Latency latency -> block("latency", latency(latency));
            case SamplingPolicy.StatusCodes status -> block("status_code", Map.of("status_codes",
                    new TreeSet<>(status.codes()).stream().map(Enum::name).toList()));
            case SamplingPolicy.StringAttribute string -> block("string_attribute", string(string));
            case SamplingPolicy.NumericAttribute number -> block("numeric_attribute", numeric(number));
            case SamplingPolicy.BooleanAttribute bool ->
                block("boolean_attribute", bool(bool));
            case SamplingPolicy.TraceState state -> block("trace_state",
                    ordered("key", state.key(), "values", List.copyOf(new TreeSet<>(state.values()))));
            case SamplingPolicy.TraceFlags ignored -> block("trace_flags", Map.of());
            case SamplingPolicy.OttlConditions ottl -> block("ottl_condition", ottl(ottl));
            case SamplingPolicy.Probabilistic share ->
                block("probabilistic", Map.of("sampling_percentage", percentage(share.threshold())));
            case SamplingPolicy.Hashed hashed -> hashed(hashed);
            case SamplingPolicy.SpanCount count -> block("span_count", count(count));
            case SamplingPolicy.RateLimiting rate -> LimitTree.rateLimiting(rate);
            case SamplingPolicy.Composite composite ->
                block("composite", LimitTree.composite(composite, policies(composite.policies())));
            case SamplingPolicy.Budget budget -> block("budget", LimitTree.budget(budget, policies(budget.policies())));
            case SamplingPolicy.Keyed ignored -> alone(policy);
            case SamplingPolicy.And and -> block("and", Map.of("and_sub_policy", policies(and.policies())));
            case SamplingPolicy.Drop drop -> block("drop", Map.of("drop_sub_policy", policies(drop.policies())));
            case SamplingPolicy.Not not -> block("not", Map.of("not_sub_policy", policy(not.policy())));
            case SamplingPolicy.Inverted inverted -> inverted(inverted);
            case SamplingPolicy.Or ignored ->
                throw new UnwritableException("any_of around something else than match policies");
            case SamplingPolicy.TraceNumberIn number ->
                throw new UnwritableException("the trace number " + number.number() + " " + number.range());
            case SamplingPolicy.Spans ignored -> throw new IllegalStateException("a match");
            case SamplingPolicy.HasRoot ignored -> throw new IllegalStateException("a match");
        };
    }

    static Map<String, Object> block(String type, Map<String, Object> fields) {
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("type", type);
        if (!fields.isEmpty()) {
            policy.put(type, fields);
        }
        return policy;
    }

    static Map<String, Object> ordered(String first, Object one, String second, Object other) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(first, one);
        fields.put(second, other);
        return fields;
    }

    private static Map<String, Object> latency(Latency latency) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("threshold_ms", latency.thresholdMillisExclusive());
        if (latency.upperMillisInclusive() != Latency.NO_UPPER_BOUND) {
            fields.put("upper_threshold_ms", latency.upperMillisInclusive());
        }
        return fields;
    }

    private static Map<String, Object> string(SamplingPolicy.StringAttribute string) {
        boolean regex = !string.patterns().isEmpty();
        Map<String, Object> fields = ordered("key", string.key().name(), "values", regex
                ? new ValueTest.StringMatches(string.patterns()).expressions()
                : List.copyOf(new TreeSet<>(string.values())));
        if (regex) {
            fields.put("enabled_regex_matching", true);
        }
        return fields;
    }

    private static Map<String, Object> bool(SamplingPolicy.BooleanAttribute bool) {
        return ordered("key", bool.key().name(), "value", bool.value());
    }

    private static Map<String, Object> numeric(SamplingPolicy.NumericAttribute number) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("key", number.key().name());
        bound("min_value", number.minInclusive(), fields);
        bound("max_value", number.maxInclusive(), fields);
        return fields;
    }

    private static void bound(String name, @Nullable BigDecimal bound, Map<String, Object> fields) {
        if (bound != null) {
            fields.put(name, bound.scale() <= 0 ? bound.toBigIntegerExact() : bound);
        }
    }

    private static Map<String, Object> ottl(SamplingPolicy.OttlConditions ottl) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (boolean onEvents : new boolean[]{false, true}) {
            List<String> conditions = ottl.conditions().stream()
                    .filter(condition -> condition.isOnEvents() == onEvents).map(condition -> condition.text())
                    .toList();
            if (!conditions.isEmpty()) {
                fields.put(onEvents ? "spanevent" : "span", conditions);
            }
        }
        fields.put("error_mode", ottl.errorMode().name().toLowerCase(Locale.ROOT));
        return fields;
    }

    private static Map<String, Object> hashed(SamplingPolicy.Hashed hashed) {
        return switch (hashed.hash()) {
            case TraceIdHash.Fnv fnv -> block("probabilistic", ordered("hash_salt", fnv.salt(), "sampling_percentage",
                    plain(new BigDecimal(Double.toString(fnv.percentage())))));
            case TraceIdHash.Sha1 ignored -> alone(hashed);
        };
    }

    /** A sampler of all traces. */
    private static Map<String, Object> alone(SamplingPolicy policy) {
        Map<String, Object> sampler = SamplerTree.of(policy);
        if (sampler == null) {
            throw new UnwritableException("a sampler of an unknown kind");
        }
        Map<String, Object> fields = block("always_sample", Map.of());
        fields.put(SAMPLER, sampler);
        return fields;
    }

    private static Map<String, Object> count(SamplingPolicy.SpanCount count) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("min_spans", count.minInclusive());
        if (count.maxInclusive() != SamplingPolicy.SpanCount.NO_LIMIT) {
            fields.put("max_spans", count.maxInclusive());
        }
        return fields;
    }

    private static Map<String, Object> inverted(SamplingPolicy.Inverted inverted) {
        return switch (inverted.policy().policy()) {
            case SamplingPolicy.StringAttribute string -> block("string_attribute", inverted(string(string)));
            case SamplingPolicy.NumericAttribute number -> block("numeric_attribute", inverted(numeric(number)));
            case SamplingPolicy.BooleanAttribute bool -> block("boolean_attribute", inverted(bool(bool)));
            default -> throw new UnwritableException("invert_match on another policy than one of an attribute");
        };
    }

    private static Map<String, Object> inverted(Map<String, Object> fields) {
        fields.put("invert_match", true);
        return fields;
    }
}
