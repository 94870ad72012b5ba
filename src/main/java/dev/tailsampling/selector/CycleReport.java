package dev.tailsampling.selector;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one cycle did, or several together. Immutable. Identities that hold for every report:
 *
 * <ul>
 * <li>{@code traces_completed = traces_sampled + traces_not_sampled + traces_dropped + traces_late}
 * <li>{@code spans_open_before + spans_read = spans_sampled + spans_not_sampled + spans_dropped + spans_late
 * + spans_open_after}
 * <li>{@code spans_from_memory + spans_fetched = spans_exported + spans_refused + spans_unconfirmed}
 * </ul>
 *
 * @param values value of each metric; one that is missing is 0
 * @param forceRuleMatches how many decided traces matched each force rule, by its id, whichever rule decided
 */
public record CycleReport(Map<CycleMetric, Long> values, Map<String, Long> forceRuleMatches) {

    /** Nothing done. */
    public static final CycleReport NONE = new CycleReport(new EnumMap<>(CycleMetric.class));

    public CycleReport {
        EnumMap<CycleMetric, Long> copy = new EnumMap<>(CycleMetric.class);
        copy.putAll(values);
        values = Collections.unmodifiableMap(copy);
        forceRuleMatches = Collections.unmodifiableMap(new TreeMap<>(forceRuleMatches));
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
        Map<String, Long> matches = new TreeMap<>(forceRuleMatches);
        later.forceRuleMatches.forEach((rule, count) -> matches.merge(rule, count, Long::sum));
        return new CycleReport(both, matches);
    }
}
