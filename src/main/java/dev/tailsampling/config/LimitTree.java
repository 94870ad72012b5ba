package dev.tailsampling.config;

import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceNumber;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Limits and budgets as the plain values of a policies file, the opposite of {@link CompositeParser}. */
final class LimitTree {

    private LimitTree() {}

    static Map<String, Object> rateLimiting(SamplingPolicy.RateLimiting rate) {
        return switch (rate.cost()) {
            case SPAN_COUNT ->
                PolicyTree.block("rate_limiting", PolicyTree.ordered("spans_per_second", rate.limit().tokensPerSecond(),
                        "burst_capacity", rate.limit().burstCapacity()));
            case BYTE_COUNT -> PolicyTree.block("bytes_limiting",
                    PolicyTree.ordered("bytes_per_second", rate.limit().tokensPerSecond(),
                            "burst_capacity", rate.limit().burstCapacity()));
            case DURATION_NANOS, ITEM_COUNT -> throw new UnwritableException("a limit of " + rate.cost());
        };
    }

    static Map<String, Object> composite(SamplingPolicy.Composite composite,
            List<Map<String, Object>> policies) {
        Map<String, Object> fields =
                PolicyTree.ordered("max_total_spans_per_second", composite.allocation().maxTotalSpans(),
                        "composite_sub_policy", policies);
        List<Map<String, Object>> shares = new ArrayList<>();
        for (int i = 0; i < composite.policies().size(); i++) {
            long percent = percent(composite, composite.allocation().subSpans().get(i));
            if (percent > 0) {
                shares.add(PolicyTree.ordered("policy", composite.policies().get(i).name(), "percent", percent));
            }
        }
        if (!shares.isEmpty()) {
            fields.put("rate_allocation", shares);
        }
        return fields;
    }

    /** Of the total; 0 for an equal share. The arithmetic is the Collector's, rounding included. */
    private static long percent(SamplingPolicy.Composite composite, long spans) {
        long total = composite.allocation().maxTotalSpans();
        if (spans == (long) ((double) total / composite.policies().size())) {
            return 0;
        }
        for (long percent = 1; percent <= 100; percent++) {
            if (spans == (long) (percent / 100.0 * total)) {
                return percent;
            }
        }
        throw new UnwritableException("an allocation of " + spans + " of " + total + " spans");
    }

    static Map<String, Object> budget(SamplingPolicy.Budget budget, List<Map<String, Object>> policies) {
        Map<String, Object> fields = PolicyTree.ordered(
                budget.cost() == TraceNumber.BYTE_COUNT ? "bytes_per_second" : "spans_per_second",
                budget.limit().tokensPerSecond(), "burst_capacity", budget.limit().burstCapacity());
        for (int i = 0; i < policies.size(); i++) {
            double percent = budget.tree().children().get(i).percent();
            policies.get(i).put("percent", PolicyTree.plain(new BigDecimal(Double.toString(percent))));
        }
        fields.put("policies", policies);
        return fields;
    }
}
