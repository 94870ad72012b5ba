package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Mapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at policies that share a budget. */
final class CompositeLint {

    private static final long ALL = 100;

    private final LintFindings findings;
    private final Compat compat;

    CompositeLint(LintFindings findings, Compat compat) {
        this.findings = findings;
        this.compat = compat;
    }

    void check(WrittenPolicy policy) {
        if (policy.type() == PolicyType.COMPOSITE) {
            PolicyFields fields = policy.fields();
            List<String> names = policy.within().stream().map(part -> part.own().find("name") == null
                    ? part.type().label()
                    : part.own().text("name")).toList();
            order(fields, names);
            shares(policy, names);
        }
    }

    private void order(PolicyFields fields, List<String> names) {
        YamlNode node = fields.find("policy_order");
        if (node != null && !fields.texts("policy_order").equals(names)) {
            findings.warn(node.origin(), "composite-order", "the Collector ignores policy_order and asks in the order "
                    + "of composite_sub_policy" + (compat.isCollector() ? ", as this mode does" : "; here it counts")
                    + ": write both in one order");
        }
    }

    private void shares(WrittenPolicy policy, List<String> names) {
        Map<String, Long> percents = percents(policy.fields());
        YamlNode node = policy.fields().find("rate_allocation");
        Origin origin = node == null ? policy.origin() : node.origin();
        long given = percents.values().stream().mapToLong(percent -> percent).sum();
        long open = names.stream().filter(name -> percents.getOrDefault(name, 0L) == 0).count();
        if (given > ALL) {
            findings.warn(origin, "composite-over", "the shares add up to " + given + " percent, so together the "
                    + "policies may keep more than max_total_spans_per_second: lower them to 100");
        } else if (open > 0 && !compat.isCollector() && given == ALL) {
            findings.warn(origin, "composite-nothing-left", "the shares given add up to 100 percent, so "
                    + without(names, percents) + " gets only what others leave: give it a share");
        } else if (open > 0 && given > 0 && compat.isCollector()
                && given + open * ALL / names.size() > ALL) {
            findings.warn(origin, "composite-over", "a policy without a share gets an equal part of the total ("
                    + ALL / names.size() + " percent for " + without(names, percents) + "), so together they may keep "
                    + "more than max_total_spans_per_second: give every policy a share");
        }
        if (compat.isCollector()) {
            findings.hint(policy.origin(), "composite-no-overflow", "in this mode what a policy leaves goes to no "
                    + "other, and counts start anew each second; compat: native passes it on and keeps to the total");
        }
    }

    private static String without(List<String> names, Map<String, Long> percents) {
        return String.join(", ", names.stream().filter(name -> percents.getOrDefault(name, 0L) == 0).toList());
    }

    private static Map<String, Long> percents(PolicyFields fields) {
        Map<String, Long> percents = new HashMap<>();
        if (fields.find("rate_allocation") != null) {
            fields.items("rate_allocation").forEach(item -> {
                PolicyFields share = new PolicyFields("policy", "rate_allocation.", (Mapping) item);
                percents.put(share.text("policy"), share.whole("percent", 0));
            });
        }
        return percents;
    }
}
