package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceNumber;
import dev.tailsampling.sampler.BudgetTree;
import dev.tailsampling.sampler.BudgetTree.Child;
import dev.tailsampling.sampler.CompositeAllocation;
import dev.tailsampling.sampler.RateLimit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads policies that share a budget: ours, and the Collector's {@code composite}. */
final class CompositeParser {

    private static final double ALL = 100;

    private final PolicyContext context;

    CompositeParser(PolicyContext context) {
        this.context = context;
    }

    /** In compatibility mode what the Collector does; natively a budget with these shares. */
    SamplingPolicy composite(PolicyFields block, List<NamedPolicy> policies) {
        context.require(block, "max_total_spans_per_second");
        long total = block.whole("max_total_spans_per_second", 0);
        List<String> order = block.find("policy_order") == null ? List.of() : block.texts("policy_order");
        Map<String, Double> percents = allocations(block, policies);
        if (context.compat().isCollector()) {
            return new SamplingPolicy.Composite(policies, CompositeAllocation.ofPercents(total, policies.stream()
                    .map(policy -> percents.getOrDefault(policy.name(), 0.0).longValue()).toList()));
        }
        // As in the Collector, 0 percent is none given.
        percents.values().removeIf(percent -> percent == 0);
        List<NamedPolicy> ordered = ordered(block, policies, order);
        return new SamplingPolicy.Budget(TraceNumber.SPAN_COUNT, new RateLimit(total, total),
                new BudgetTree(shares(ordered, percents)), ordered);
    }

    /** {@code rate_allocation}: name → percent. */
    private Map<String, Double> allocations(PolicyFields block, List<NamedPolicy> policies) {
        Map<String, Double> percents = new HashMap<>();
        if (block.find("rate_allocation") == null) {
            return percents;
        }
        for (YamlNode item : block.items("rate_allocation")) {
            if (!(item instanceof Mapping mapping)) {
                throw block.refuse(item.origin(), "rate_allocation must hold maps of policy and percent, not "
                        + item.kind());
            }
            PolicyFields fields = new PolicyFields(block.owner(), "rate_allocation.", mapping);
            String name = fields.text("policy");
            Double before = percents.put(name, percent(fields));
            fields.finish();
            if (before != null) {
                throw block.refuse(item.origin(), "rate_allocation names " + name + " twice: keep one");
            }
            if (policies.stream().noneMatch(policy -> policy.name().equals(name))) {
                stranger(block, item, name, policies);
            }
        }
        return percents;
    }

    private static double percent(PolicyFields fields) {
        BigDecimal percent = fields.number("percent");
        return percent == null ? 0 : percent.doubleValue();
    }

    /** The Collector passes over it. */
    private void stranger(PolicyFields block, YamlNode item, String name, List<NamedPolicy> policies) {
        String problem = "rate_allocation names " + name + ", which is not among the composite_sub_policy names"
                + new NearestName(policies.stream().map(NamedPolicy::name).toList()).hint(name);
        if (!context.compat().isCollector()) {
            throw block.refuse(item.origin(), problem);
        }
        context.warn(block.owner() + ": " + problem);
    }

    private static List<NamedPolicy> ordered(PolicyFields block, List<NamedPolicy> policies, List<String> order) {
        List<NamedPolicy> ordered = new ArrayList<>();
        for (String name : order) {
            ordered.add(policies.stream().filter(policy -> policy.name().equals(name)).findFirst()
                    .orElseThrow(() -> block.refuse(block.get("policy_order").origin(), "policy_order names " + name
                            + ", which is not among the composite_sub_policy names")));
        }
        if (Set.copyOf(order).size() < order.size()) {
            throw block.refuse(block.get("policy_order").origin(), "policy_order names a policy twice: keep one");
        }
        policies.stream().filter(policy -> !ordered.contains(policy)).forEach(ordered::add);
        return ordered;
    }

    /** Policies without a percentage share what the others leave. */
    private static List<Child> shares(List<NamedPolicy> policies, Map<String, Double> percents) {
        double given = percents.values().stream().mapToDouble(percent -> percent).sum();
        long open = policies.stream().filter(policy -> !percents.containsKey(policy.name())).count();
        double rest = open == 0 ? 0 : Math.max(0, ALL - given) / open;
        return policies.stream()
                .map(policy -> new Child(policy.name(), percents.getOrDefault(policy.name(), rest))).toList();
    }

    /** Ours: each policy says its share in {@code percent}; those without one share what the others leave. */
    SamplingPolicy budget(PolicyFields block, List<NamedPolicy> policies) {
        boolean bytes = block.find("bytes_per_second") != null;
        if (bytes == (block.find("spans_per_second") != null)) {
            throw block.refuse("budget needs either spans_per_second or bytes_per_second");
        }
        long total = block.whole(bytes ? "bytes_per_second" : "spans_per_second", 0);
        Map<String, Double> percents = new HashMap<>();
        List<YamlNode> items = block.items("policies");
        for (int i = 0; i < items.size(); i++) {
            PolicyFields fields = new PolicyFields(block.owner(), "policies.", (Mapping) items.get(i));
            if (fields.find("percent") != null) {
                percents.put(policies.get(i).name(), percent(fields));
            }
        }
        return new SamplingPolicy.Budget(bytes ? TraceNumber.BYTE_COUNT : TraceNumber.SPAN_COUNT,
                new RateLimit(total, block.whole("burst_capacity", total)), new BudgetTree(shares(policies, percents)),
                policies);
    }
}
