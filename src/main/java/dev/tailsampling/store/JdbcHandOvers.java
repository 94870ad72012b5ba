package dev.tailsampling.store;

import dev.tailsampling.policy.SummaryBytes;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.trace.TraceId;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Hand-overs in a relational database, for as long as their traces are open. A part that was appended survives a power
 * cut. Thread-safe.
 */
final class JdbcHandOvers implements HandOvers {

    /** Rows per batch, and read at once; bounds memory. */
    private static final int BATCH = 512;
    /** Of summaries per batch: some have many locations. */
    private static final int BATCH_BYTES = 4 << 20;

    private static final String OF_SOURCE = "source_id = (SELECT source_id FROM sources WHERE name = :source)";
    private static final String NEXT_NUMBER = """
            SELECT COALESCE(MAX(part_number) + 1, 0) FROM hand_over_parts
            WHERE source_id = :sourceId AND cycle = :cycle""";
    private static final String ADD = """
            INSERT INTO hand_over_parts (source_id, trace_id, cycle, part_number, policy_set, summary)
            VALUES (:sourceId, :traceId, :cycle, :number, :policySet, :summary)""";
    private static final String FORGET_LATER = "DELETE FROM hand_over_parts WHERE " + OF_SOURCE
            + " AND cycle > :throughCycle";
    private static final String LOAD = "SELECT cycle, policy_set, summary FROM hand_over_parts WHERE " + OF_SOURCE
            + " ORDER BY trace_id, cycle, part_number";
    private static final String REMOVE = "DELETE FROM hand_over_parts WHERE " + OF_SOURCE
            + " AND trace_id = :traceId";
    private static final String SIZE = "SELECT COUNT(DISTINCT trace_id) FROM hand_over_parts WHERE " + OF_SOURCE;

    private record Part(long cycle, String policySet, byte[] summary) {}

    private final Database database;

    JdbcHandOvers(Database database) {
        this.database = database;
    }

    @Override
    public void append(String source, long cycle, String policySet, Collection<TraceSummary> parts) {
        if (!parts.isEmpty()) {
            database.writeDurably(handle -> append(handle, source, cycle, policySet, parts));
        }
    }

    private static void append(Handle handle, String source, long cycle, String policySet,
            Collection<TraceSummary> parts) {
        int sourceId = NameTable.SOURCES.idOf(handle, source);
        int number = handle.createQuery(NEXT_NUMBER).bind("sourceId", sourceId).bind("cycle", cycle)
                .mapTo(Integer.class).one();
        int waiting = 0;
        try (PreparedBatch batch = handle.prepareBatch(ADD)) {
            for (TraceSummary part : parts) {
                byte[] summary = SummaryBytes.encode(part);
                batch.bind("sourceId", sourceId).bind("traceId", DecisionTable.bytes(part.traceId()))
                        .bind("cycle", cycle).bind("number", number).bind("policySet", policySet)
                        .bind("summary", summary).add();
                waiting += summary.length;
                if (batch.size() == BATCH || waiting > BATCH_BYTES) {
                    batch.execute();
                    waiting = 0;
                }
            }
            batch.execute();
        }
    }

    @Override
    public List<HandOver> load(String source, long throughCycleInclusive) {
        return database.writeAndGet(handle -> {
            handle.createUpdate(FORGET_LATER).bind("source", source).bind("throughCycle", throughCycleInclusive)
                    .execute();
            MergedHandOvers merged = new MergedHandOvers(database.name());
            handle.createQuery(LOAD).bind("source", source).setFetchSize(BATCH)
                    .map((row, context) -> new Part(row.getLong(1), row.getString(2), row.getBytes(3)))
                    .forEach(part -> merged.add(part.cycle(), part.policySet(), part.summary()));
            return merged.all();
        });
    }

    @Override
    public void remove(String source, Collection<TraceId> traceIds) {
        database.write(handle -> {
            try (PreparedBatch batch = handle.prepareBatch(REMOVE)) {
                for (TraceId traceId : traceIds) {
                    batch.bind("source", source).bind("traceId", DecisionTable.bytes(traceId)).add();
                    if (batch.size() == BATCH) {
                        batch.execute();
                    }
                }
                batch.execute();
            }
        });
    }

    @Override
    public long size(String source) {
        return database.read(handle -> handle.createQuery(SIZE).bind("source", source).mapTo(Long.class).one());
    }
}
