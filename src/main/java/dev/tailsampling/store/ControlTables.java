package dev.tailsampling.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

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
    private static final String FORGET_CONFIRMED = "DELETE FROM confirmed_exports WHERE source_id = " + SOURCE_ID
            + " AND cycle < :beforeCycle";
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

    static void forgetConfirmedExports(Handle handle, String source, long beforeCycle) {
        handle.createUpdate(FORGET_CONFIRMED).bind("source", source).bind("beforeCycle", beforeCycle).execute();
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
