package dev.tailsampling.selector;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one cycle did, or several together. Immutable. Identities that hold for every report:
 *
 * <ul>
 * <li>{@code traces_completed = traces_sampled + traces_not_sampled + traces_dropped + traces_late}
 * <li>{@code traces_open_before + traces_opened = traces_completed + traces_open}
 * <li>{@code spans_open_before + spans_read = spans_sampled + spans_not_sampled + spans_dropped + spans_late
 * + spans_open_after}
 * <li>{@code traces_sampled + traces_not_sampled + traces_dropped} = the sum of {@code policyDecisions}
 * <li>{@code spans_from_memory + spans_fetched = spans_exported + spans_refused + spans_unconfirmed}
 * </ul>
 *
 * @param values value of each metric; one that is missing is 0
 * @param forceRuleMatches how many decided traces matched each force rule, by its id, whichever rule decided
 * @param policyDecisions how many traces each policy or force rule decided, by outcome; late spans follow and are not
 *     counted. Stores of reports need not keep them, as they follow from the ledger
 */
public record CycleReport(Map<CycleMetric, Long> values, Map<String, Long> forceRuleMatches,
        Map<PolicyOutcome, Long> policyDecisions) {

    /** Nothing done. */
    public static final CycleReport NONE = new CycleReport(new EnumMap<>(CycleMetric.class));

    public CycleReport {
        EnumMap<CycleMetric, Long> copy = new EnumMap<>(CycleMetric.class);
        copy.putAll(values);
        values = Collections.unmodifiableMap(copy);
        forceRuleMatches = Collections.unmodifiableMap(new TreeMap<>(forceRuleMatches));
        policyDecisions = Collections.unmodifiableMap(new TreeMap<>(policyDecisions));
    }

    /** A report that does not say which policies decided. */
    public CycleReport(Map<CycleMetric, Long> values, Map<String, Long> forceRuleMatches) {
        this(values, forceRuleMatches, Map.of());
    }

    /** A report in which no force rule matched. */
    public CycleReport(Map<CycleMetric, Long> values) {
        this(values, Map.of());
    }

    /** The metric's value. */
    public long get(CycleMetric metric) {
        return values.getOrDefault(metric, 0L);
    }

    /** This report followed by a later one. */
    public CycleReport then(CycleReport later) {
        if (get(CycleMetric.CYCLES) == 0) {
            return later;
        }
        if (later.get(CycleMetric.CYCLES) == 0) {
            return this;
        }
        EnumMap<CycleMetric, Long> both = new EnumMap<>(CycleMetric.class);
        for (CycleMetric metric : CycleMetric.values()) {
            both.put(metric, switch (metric.kind()) {
                case COUNT -> get(metric) + later.get(metric);
                case FIRST -> get(metric);
                case LAST -> later.get(metric);
            });
        }
        return new CycleReport(both, sum(forceRuleMatches, later.forceRuleMatches),
                sum(policyDecisions, later.policyDecisions));
    }

    private static <K> Map<K, Long> sum(Map<K, Long> earlier, Map<K, Long> later) {
        Map<K, Long> sum = new HashMap<>(earlier);
        later.forEach((key, count) -> sum.merge(key, count, Long::sum));
        return sum;
    }
}
