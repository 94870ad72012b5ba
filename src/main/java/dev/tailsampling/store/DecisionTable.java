package dev.tailsampling.store;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.PriorDecision;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The statements on {@code recent_decisions} and {@code newest_cycles}. Stateless. */
final class DecisionTable {

    /** Rows per batch and ids per query; bounds memory. */
    private static final int BATCH = 512;

    /** No parameter stands behind VALUES, so that PostgreSQL's driver can put many rows in one statement. */
    private static final String INSERT = """
            INSERT INTO recent_decisions (source_id, trace_id, cycle, outcome, policy_id, threshold, decided_at)
            VALUES (:sourceId, :traceId, :cycle, :outcome, :policyId, :threshold, :decidedAt)
            """;
    private static final String DECIDE = INSERT + """
            ON CONFLICT (source_id, trace_id) DO UPDATE SET cycle = excluded.cycle, outcome = excluded.outcome,
              policy_id = excluded.policy_id, threshold = excluded.threshold, decided_at = excluded.decided_at""";
    private static final String FOLLOW = INSERT + "ON CONFLICT DO NOTHING";
    private static final String ADVANCE = """
            INSERT INTO newest_cycles (source_id, cycle) VALUES (:sourceId, :cycle)
            ON CONFLICT (source_id) DO UPDATE SET cycle = excluded.cycle""";
    private static final String NEWEST =
            "SELECT cycle FROM newest_cycles WHERE source_id = (SELECT source_id FROM sources WHERE name = :source)";
    private static final String FIND = """
            SELECT d.trace_id, d.cycle, d.outcome, p.name, d.threshold
            FROM recent_decisions d LEFT JOIN policies p ON p.policy_id = d.policy_id
            WHERE d.source_id = (SELECT source_id FROM sources WHERE name = :source) AND d.trace_id IN (<traceIds>)""";
    /**
     * One by one through the primary key. As long as PostgreSQL has not analyzed the table since it grew, it would
     * compare all decisions of the source with each batch of ids instead: 65 s for 100,000 of them, not 2 s (measured).
     */
    private static final String FIND_EACH = """
            SELECT d.trace_id, d.cycle, d.outcome, p.name, d.threshold
            FROM unnest(ARRAY[<traceIds>]) AS asked (trace_id)
              CROSS JOIN LATERAL (SELECT * FROM recent_decisions r
                WHERE r.source_id = (SELECT source_id FROM sources WHERE name = :source)
                  AND r.trace_id = asked.trace_id LIMIT 1) d
              LEFT JOIN policies p ON p.policy_id = d.policy_id""";
    private static final String FORGET = "DELETE FROM recent_decisions WHERE decided_at < :before";

    private DecisionTable() {}

    /** Writes the decisions and the number of their cycle. To be called in a transaction. */
    static void remember(Handle handle, String source, long cycle, Iterable<DecisionRecord> decisions) {
        int sourceId = NameTable.SOURCES.idOf(handle, source);
        Map<String, Integer> policyIds = new HashMap<>();
        // One statement must not touch a row twice.
        Map<TraceId, DecisionRecord> batch = new LinkedHashMap<>();
        for (DecisionRecord decision : decisions) {
            batch.merge(decision.trace().traceId(), decision,
                    (earlier, later) -> isLate(later) ? earlier : later);
            if (batch.size() == BATCH) {
                write(handle, sourceId, policyIds, batch.values());
                batch.clear();
            }
        }
        write(handle, sourceId, policyIds, batch.values());
        handle.createUpdate(ADVANCE).bind("sourceId", sourceId).bind("cycle", cycle).execute();
    }

    private static boolean isLate(DecisionRecord decision) {
        return decision.completion() == CompletionReason.LATE_SPANS;
    }

    private static void write(Handle handle, int sourceId, Map<String, Integer> policyIds,
            Collection<DecisionRecord> decisions) {
        try (PreparedBatch decided = handle.prepareBatch(DECIDE); PreparedBatch late = handle.prepareBatch(FOLLOW)) {
            for (DecisionRecord decision : decisions) {
                String policy = decision.decision().policy();
                Integer policyId = policy == null
                        ? null
                        : policyIds.computeIfAbsent(policy, name -> NameTable.POLICIES.idOf(handle, name));
                add((isLate(decision) ? late : decided).bind("sourceId", sourceId).bind("policyId", policyId),
                        decision);
            }
            decided.execute();
            late.execute();
        }
    }

    private static void add(PreparedBatch batch, DecisionRecord row) {
        Threshold threshold = row.decision().threshold();
        batch.bind("traceId", bytes(row.trace().traceId()))
                .bind("cycle", row.cycle())
                .bind("outcome", number(row.decision().outcome()))
                .bind("threshold", threshold == null ? null : threshold.value())
                .bind("decidedAt", row.decidedAt().toEpochMilli())
                .add();
    }

    static long newestCycle(Handle handle, String source) {
        return handle.createQuery(NEWEST).bind("source", source).mapTo(Long.class).findOne().orElse(0L);
    }

    static Map<TraceId, PriorDecision> find(Handle handle, String source, Collection<TraceId> traceIds) {
        Map<TraceId, PriorDecision> found = new HashMap<>();
        List<byte[]> batch = new ArrayList<>(Math.min(BATCH, traceIds.size()));
        for (TraceId traceId : traceIds) {
            batch.add(bytes(traceId));
            if (batch.size() == BATCH) {
                findBatch(handle, source, batch, found);
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            findBatch(handle, source, batch, found);
        }
        return found;
    }

    private static void findBatch(Handle handle, String source, List<byte[]> traceIds,
            Map<TraceId, PriorDecision> found) {
        String query = switch (Dialect.of(handle)) {
            case SQLITE -> FIND;
            case POSTGRESQL -> FIND_EACH;
        };
        handle.createQuery(query).bind("source", source).bindList("traceIds", traceIds)
                .map((row, context) -> Map.entry(traceId(row.getBytes(1)), prior(row)))
                .forEach(decision -> found.put(decision.getKey(), decision.getValue()));
    }

    static long forgetOlderThan(Handle handle, Instant decidedBefore) {
        return handle.createUpdate(FORGET).bind("before", decidedBefore.toEpochMilli()).execute();
    }

    private static PriorDecision prior(ResultSet row) throws SQLException {
        long threshold = row.getLong(5);
        @Nullable Threshold ofSampled = row.wasNull() ? null : new Threshold(threshold);
        return new PriorDecision(row.getLong(2), outcome(row.getInt(3)), row.getString(4), ofSampled);
    }

    /** As trace ids stand in every table. */
    static byte[] bytes(TraceId traceId) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(traceId.high()).putLong(traceId.low()).array();
    }

    private static TraceId traceId(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new TraceId(buffer.getLong(), buffer.getLong());
    }

    /** The most frequent outcome is 0, which takes no room in an SQLite row. */
    private static int number(Outcome outcome) {
        return switch (outcome) {
            case NOT_SAMPLED -> 0;
            case SAMPLED -> 1;
            case DROPPED -> 2;
        };
    }

    private static Outcome outcome(int number) {
        return switch (number) {
            case 0 -> Outcome.NOT_SAMPLED;
            case 1 -> Outcome.SAMPLED;
            case 2 -> Outcome.DROPPED;
            default -> throw new IllegalStateException("the schema knows no outcome " + number);
        };
    }
}
