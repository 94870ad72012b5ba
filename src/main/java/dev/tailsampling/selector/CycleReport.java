package dev.tailsampling.selector;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one cycle did, or several together. Immutable. Identities that hold for every report:
 *
 * <ul>
 * <li>{@code traces_completed = traces_sampled + traces_not_sampled + traces_dropped + traces_late}
 * <li>{@code spans_open_before + spans_read = spans_sampled + spans_not_sampled + spans_dropped + spans_late
 * + spans_open_after}
 * </ul>
 *
 * @param values value of each metric; one that is missing is 0
 */
public record CycleReport(Map<CycleMetric, Long> values) {

    /** Nothing done. */
    public static final CycleReport NONE = new CycleReport(new EnumMap<>(CycleMetric.class));

    public CycleReport {
        EnumMap<CycleMetric, Long> copy = new EnumMap<>(CycleMetric.class);
        copy.putAll(values);
        values = Collections.unmodifiableMap(copy);
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
        return new CycleReport(both);
    }
}
