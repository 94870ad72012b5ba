package dev.tailsampling.store;

import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.FinishedCycle;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The statements on {@code cycle_reports} and {@code cycle_report_values}. Stateless. */
final class ReportTable {

    /** Before the id of a force rule, in the place of a metric's name. */
    private static final String RULE_MATCHES = "force_rule_matches:";

    private static final Map<String, CycleMetric> METRICS = Arrays.stream(CycleMetric.values())
            .collect(Collectors.toUnmodifiableMap(CycleMetric::label, Function.identity()));

    private static final String NEXT = "SELECT COALESCE(MAX(report_id), 0) + 1 FROM cycle_reports";
    private static final String ADD = """
            INSERT INTO cycle_reports (report_id, source_id, finished_at)
            VALUES (:reportId, :sourceId, :finishedAt)""";
    private static final String ADD_VALUE = """
            INSERT INTO cycle_report_values (report_id, metric, metric_value)
            VALUES (:reportId, :metric, :value)""";
    private static final String FORGET_VALUES = """
            DELETE FROM cycle_report_values WHERE report_id IN
              (SELECT report_id FROM cycle_reports WHERE finished_at < :before)""";
    private static final String FORGET = "DELETE FROM cycle_reports WHERE finished_at < :before";
    private static final String OF_SOURCE = "WHERE source_id = (SELECT source_id FROM sources WHERE name = :source)";
    private static final String NEWEST = """
            SELECT r.report_id, r.finished_at, s.name, v.metric, v.metric_value
            FROM (SELECT * FROM cycle_reports %s ORDER BY finished_at DESC, report_id DESC LIMIT :limit) r
              JOIN sources s ON s.source_id = r.source_id
              LEFT JOIN cycle_report_values v ON v.report_id = r.report_id
            ORDER BY r.finished_at DESC, r.report_id DESC""";

    /** A report whose values come row by row. */
    private static final class Gathered {

        private final String source;
        private final Instant finishedAt;
        private final Map<CycleMetric, Long> values = new EnumMap<>(CycleMetric.class);
        private final Map<String, Long> ruleMatches = new HashMap<>();

        Gathered(RowView row) {
            source = row.getColumn("name", String.class);
            finishedAt = Instant.ofEpochMilli(row.getColumn("finished_at", Long.class));
        }

        /** Metrics of other versions of the program are left out. */
        void add(@Nullable String metric, RowView row) {
            if (metric == null) {
                return;
            }
            long value = row.getColumn("metric_value", Long.class);
            CycleMetric known = METRICS.get(metric);
            if (known != null) {
                values.put(known, value);
            } else if (metric.startsWith(RULE_MATCHES)) {
                ruleMatches.put(metric.substring(RULE_MATCHES.length()), value);
            }
        }

        FinishedCycle cycle() {
            return new FinishedCycle(source, finishedAt, new CycleReport(values, ruleMatches));
        }
    }

    private ReportTable() {}

    /** To be called in a transaction. */
    static void add(Handle handle, String source, Instant finishedAt, CycleReport report) {
        int sourceId = NameTable.SOURCES.idOf(handle, source);
        WriteLock.REPORTS.take(handle);
        long reportId = handle.createQuery(NEXT).mapTo(Long.class).one();
        handle.createUpdate(ADD).bind("reportId", reportId).bind("sourceId", sourceId)
                .bind("finishedAt", finishedAt.toEpochMilli()).execute();
        try (PreparedBatch batch = handle.prepareBatch(ADD_VALUE)) {
            report.values().forEach((metric, value) -> {
                if (value != 0) {
                    batch.bind("reportId", reportId).bind("metric", metric.label()).bind("value", value).add();
                }
            });
            report.forceRuleMatches().forEach((rule, count) -> batch.bind("reportId", reportId)
                    .bind("metric", RULE_MATCHES + rule).bind("value", count).add());
            batch.execute();
        }
    }

    /** To be called in a transaction. */
    static long forgetOlderThan(Handle handle, Instant finishedBefore) {
        handle.createUpdate(FORGET_VALUES).bind("before", finishedBefore.toEpochMilli()).execute();
        return handle.createUpdate(FORGET).bind("before", finishedBefore.toEpochMilli()).execute();
    }

    /** The newest ones, newest first; of all sources if none is named. */
    static List<FinishedCycle> newest(Handle handle, @Nullable String source, int limit) {
        Map<Long, Gathered> gathered = (source == null
                ? handle.createQuery(NEWEST.formatted(""))
                : handle.createQuery(NEWEST.formatted(OF_SOURCE)).bind("source", source))
                .bind("limit", limit).reduceRows(new LinkedHashMap<Long, Gathered>(), (reports, row) -> {
                    reports.computeIfAbsent(row.getColumn("report_id", Long.class), unseen -> new Gathered(row))
                            .add(row.getColumn("metric", String.class), row);
                    return reports;
                });
        return gathered.values().stream().map(Gathered::cycle).toList();
    }
}
