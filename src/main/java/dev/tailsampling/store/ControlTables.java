package dev.tailsampling.store;

import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.SourceRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The statements on the control log's tables. Those that write are to be called in a transaction. Stateless. */
final class ControlTables {

    /** Cycles per query. */
    private static final int BATCH = 500;

    private static final String SOURCE_ID = "(SELECT source_id FROM sources WHERE name = :source)";
    private static final String CONFIRM = """
            INSERT INTO confirmed_exports (source_id, cycle, confirmed_at) VALUES (:sourceId, :cycle, :now)
            ON CONFLICT DO NOTHING""";
    private static final String CONFIRMED = "SELECT cycle FROM confirmed_exports WHERE source_id = " + SOURCE_ID
            + " AND cycle IN (<cycles>) ORDER BY cycle";
    private static final String NEXT_REPORT = "SELECT COALESCE(MAX(report_id), 0) + 1 FROM cycle_reports";
    private static final String ADD_REPORT = """
            INSERT INTO cycle_reports (report_id, source_id, finished_at)
            VALUES (:reportId, :sourceId, :finishedAt)""";
    private static final String ADD_VALUE = """
            INSERT INTO cycle_report_values (report_id, metric, metric_value)
            VALUES (:reportId, :metric, :value)""";
    private static final String FORGET_VALUES = """
            DELETE FROM cycle_report_values WHERE report_id IN
              (SELECT report_id FROM cycle_reports WHERE finished_at < :before)""";
    private static final String FORGET_REPORTS = "DELETE FROM cycle_reports WHERE finished_at < :before";
    private static final String ADD_DEAD_LETTER = """
            INSERT INTO dead_letters
              (source_id, kafka_partition, kafka_offset, kafka_timestamp, reason, first_seen)
            VALUES (:sourceId, :partition, :offset, :timestamp, :reason, :now)
            ON CONFLICT DO NOTHING""";
    private static final String COUNT_DEAD_LETTERS =
            "SELECT COUNT(*) FROM dead_letters WHERE source_id = " + SOURCE_ID;
    private static final String ADD_UNREADABLE_FILE = """
            INSERT INTO unreadable_files (source_id, location, reason, first_seen)
            VALUES (:sourceId, :location, :reason, :now)
            ON CONFLICT DO NOTHING""";
    private static final String UNREADABLE_FILES =
            "SELECT location FROM unreadable_files WHERE source_id = " + SOURCE_ID + " ORDER BY location";
    private static final String ADD_POLICY_SET = """
            INSERT INTO policy_sets (version, policy_text, added_at) VALUES (:version, :text, :now)
            ON CONFLICT DO NOTHING""";
    private static final String POLICY_SET = "SELECT policy_text FROM policy_sets WHERE version = :version";

    private static final String KEEP_LIMITS = """
            INSERT INTO budget_state (source_id, cycle, state) VALUES (:sourceId, :cycle, :state)
            ON CONFLICT (source_id, cycle) DO UPDATE SET state = excluded.state""";
    private static final String FORGET_LIMITS =
            "DELETE FROM budget_state WHERE source_id = :sourceId AND cycle < :cycle - 1";
    private static final String LIMITS =
            "SELECT state FROM budget_state WHERE source_id = " + SOURCE_ID + " AND cycle = :cycle";
    /** Before the id of a force rule, in the place of a metric's name. */
    private static final String RULE_MATCHES = "force_rule_matches:";

    private ControlTables() {}

    static void confirmExport(Handle handle, String source, long cycle, Instant now) {
        handle.createUpdate(CONFIRM).bind("sourceId", NameTable.SOURCES.idOf(handle, source)).bind("cycle", cycle)
                .bind("now", now.toEpochMilli()).execute();
    }

    static List<Long> confirmedExports(Handle handle, String source, Collection<Long> cycles) {
        List<Long> sorted = cycles.stream().distinct().sorted().toList();
        List<Long> confirmed = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += BATCH) {
            confirmed.addAll(handle.createQuery(CONFIRMED).bind("source", source)
                    .bindList("cycles", sorted.subList(from, Math.min(sorted.size(), from + BATCH)))
                    .mapTo(Long.class).list());
        }
        return confirmed;
    }

    static void addReport(Handle handle, String source, Instant finishedAt, CycleReport report) {
        long reportId = handle.createQuery(NEXT_REPORT).mapTo(Long.class).one();
        handle.createUpdate(ADD_REPORT).bind("reportId", reportId)
                .bind("sourceId", NameTable.SOURCES.idOf(handle, source))
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

    static long forgetReportsOlderThan(Handle handle, Instant finishedBefore) {
        handle.createUpdate(FORGET_VALUES).bind("before", finishedBefore.toEpochMilli()).execute();
        return handle.createUpdate(FORGET_REPORTS).bind("before", finishedBefore.toEpochMilli()).execute();
    }

    static void addDeadLetter(Handle handle, String source, SourceRow row, String reason, Instant now) {
        handle.createUpdate(ADD_DEAD_LETTER).bind("sourceId", NameTable.SOURCES.idOf(handle, source))
                .bind("partition", row.partition()).bind("offset", row.offset())
                .bind("timestamp", row.timestampMillis()).bind("reason", reason)
                .bind("now", now.toEpochMilli()).execute();
    }

    static long deadLetterCount(Handle handle, String source) {
        return handle.createQuery(COUNT_DEAD_LETTERS).bind("source", source).mapTo(Long.class).one();
    }

    static void addUnreadableFile(Handle handle, String source, String location, String reason, Instant now) {
        handle.createUpdate(ADD_UNREADABLE_FILE).bind("sourceId", NameTable.SOURCES.idOf(handle, source))
                .bind("location", location).bind("reason", reason).bind("now", now.toEpochMilli()).execute();
    }

    static List<String> unreadableFiles(Handle handle, String source) {
        return handle.createQuery(UNREADABLE_FILES).bind("source", source).mapTo(String.class).list();
    }

    static void addPolicySet(Handle handle, String version, String text, Instant now) {
        handle.createUpdate(ADD_POLICY_SET).bind("version", version).bind("text", text)
                .bind("now", now.toEpochMilli()).execute();
    }

    static Optional<String> policySet(Handle handle, String version) {
        return handle.createQuery(POLICY_SET).bind("version", version).mapTo(String.class).findOne();
    }

    static void keepLimits(Handle handle, String source, long cycle, String state) {
        int sourceId = NameTable.SOURCES.idOf(handle, source);
        handle.createUpdate(KEEP_LIMITS).bind("sourceId", sourceId).bind("cycle", cycle).bind("state", state).execute();
        handle.createUpdate(FORGET_LIMITS).bind("sourceId", sourceId).bind("cycle", cycle).execute();
    }

    static Optional<String> limits(Handle handle, String source, long cycle) {
        return handle.createQuery(LIMITS).bind("source", source).bind("cycle", cycle).mapTo(String.class).findOne();
    }
}
