package dev.tailsampling.admin;

import dev.tailsampling.selector.CycleMetric;
import java.util.Map;

/** What the numbers of a cycle's report are called in Prometheus: names that are widely known, or the report's own. */
final class CycleSeries {

    static final String PREFIX = "tail_sampling_";

    /** Without the {@code _total} that counters end in. */
    private static final Map<CycleMetric, String> WITHOUT_PREFIX = Map.of(
            CycleMetric.TRACES_OPENED, "traces_ingested",
            CycleMetric.SPANS_READ, "spans_ingested",
            CycleMetric.TRACES_SAMPLED, "traces_sampled",
            CycleMetric.SPANS_EXPORTED, "spans_exported",
            CycleMetric.TRACES_OPEN, "buffer_traces_current",
            CycleMetric.ROWS_PENDING, "kafka_consumer_lag");

    /** Those that are told as a distribution instead. */
    static final Map<CycleMetric, String> PHASES = Map.of(
            CycleMetric.READ_MILLIS, "read",
            CycleMetric.DECIDE_MILLIS, "decide",
            CycleMetric.EXPORT_MILLIS, "export");

    private CycleSeries() {}

    static String name(CycleMetric metric) {
        return WITHOUT_PREFIX.getOrDefault(metric, PREFIX + metric.label());
    }
}
