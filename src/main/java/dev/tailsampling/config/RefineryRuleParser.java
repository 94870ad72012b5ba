package dev.tailsampling.config;

import dev.tailsampling.config.RefineryCondition.Way;
import dev.tailsampling.config.RefineryDifferences.Difference;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.trace.Threshold;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rules of Refinery's {@code RulesBasedSampler}: each is a policy, of which the first that matches decides. */
final class RefineryRuleParser {

    private static final int MAX_WAYS = 64;

    /** What the conditions of a rule have to hold for. */
    enum Scope {
        /** Each for some item of the trace. */
        TRACE,
        /** All for one item. */
        SPAN
    }

    private final RefineryConditionParser conditions;
    private final RefinerySamplerParser samplers;
    private final RefineryDifferences differences;

    RefineryRuleParser(RefineryConditionParser conditions, RefinerySamplerParser samplers,
            RefineryDifferences differences) {
        this.conditions = conditions;
        this.samplers = samplers;
        this.differences = differences;
    }

    /**
     * The rule in a map.
     *
     * @param name what the policy is called
     * @throws PolicyException if it cannot be used
     */
    NamedPolicy parse(Mapping mapping, String name) {
        PolicyFields rule = new PolicyFields("rule '" + name + "'", "", mapping);
        rule.find("Name");
        SamplingPolicy matched = all(parts(rule));
        SamplingPolicy sampler = sampler(rule);
        int rate = rule.count("SampleRate", 0);
        boolean drop = Boolean.TRUE.equals(rule.flag("Drop"));
        rule.finish();
        if (sampler != null) {
            return NamedPolicy.of(name, matched instanceof SamplingPolicy.AlwaysSample
                    ? sampler
                    : new SamplingPolicy.And(numbered(List.of(matched, sampler))));
        }
        if (drop || rate < 1) {
            if (!drop) {
                differences.warn(rule, "SampleRate is missing or 0, so it drops what it matches");
            }
            return NamedPolicy.of(name, new SamplingPolicy.Drop(numbered(List.of(matched))));
        }
        if (rate > 1) {
            differences.add(rule, "SampleRate", Difference.RATE);
        }
        return new NamedPolicy(name, matched, Threshold.ofProbability(1.0 / rate));
    }

    private @Nullable SamplingPolicy sampler(PolicyFields rule) {
        PolicyFields choice = rule.block("Sampler");
        return choice == null ? null : samplers.parse(choice);
    }

    private List<SamplingPolicy> parts(PolicyFields rule) {
        Scope scope = scope(rule);
        List<SamplingPolicy> parts = new ArrayList<>();
        List<Way> together = List.of(new Way(List.of(), List.of()));
        for (PolicyFields fields : rule.blocks("Conditions")) {
            List<Way> ways = conditions.parse(fields, scope).ways();
            if (scope == Scope.TRACE) {
                parts.addAll(anyOf(ways));
            } else if (together.size() * ways.size() > MAX_WAYS) {
                throw rule
                        .refuse("under Scope span, Fields with root. and other fields can hold in more than " + MAX_WAYS
                                + " ways together: use fewer of them");
            } else {
                together = together.stream().flatMap(way -> ways.stream().map(way::and)).toList();
            }
        }
        return scope == Scope.TRACE ? parts : new ArrayList<>(anyOf(together));
    }

    private static Scope scope(PolicyFields rule) {
        String scope = rule.find("Scope") == null ? "trace" : rule.text("Scope");
        return switch (scope) {
            case "trace" -> Scope.TRACE;
            case "span" -> Scope.SPAN;
            default -> throw rule.refuse(rule.get("Scope").origin(),
                    "Scope must be trace or span, not \"" + scope + "\"");
        };
    }

    /** The policies that stand for one of several ways. */
    private static List<SamplingPolicy> anyOf(List<Way> ways) {
        if (ways.size() == 1) {
            return ways.getFirst().policies();
        }
        return ways.isEmpty()
                ? List.of(new SamplingPolicy.Not(NamedPolicy.of("never", new SamplingPolicy.AlwaysSample())))
                : List.of(new SamplingPolicy.Or(numbered(ways.stream().map(way -> all(way.policies())).toList())));
    }

    private static SamplingPolicy all(List<SamplingPolicy> parts) {
        return switch (parts.size()) {
            case 0 -> new SamplingPolicy.AlwaysSample();
            case 1 -> parts.getFirst();
            default -> new SamplingPolicy.And(numbered(parts));
        };
    }

    private static List<NamedPolicy> numbered(List<SamplingPolicy> parts) {
        List<NamedPolicy> named = new ArrayList<>();
        parts.forEach(part -> named.add(NamedPolicy.of("part " + (named.size() + 1), part)));
        return named;
    }
}
