package dev.tailsampling.store;

import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.BackfillRuns;
import dev.tailsampling.selector.BackfillSlice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Backfill runs in a relational database. Thread-safe. */
final class JdbcBackfillRuns implements BackfillRuns {

    private static final String ADD = """
            INSERT INTO backfill_runs (run_id, source_id, range_from, range_to, mode, policy_set, inactivity_timeout,
              max_trace_duration, started_at, finished_at)
            VALUES (:id, :sourceId, :from, :to, :mode, :policySet, :inactivity, :maxDuration, :startedAt, :finishedAt)
            ON CONFLICT DO NOTHING""";
    private static final String ADD_SLICE = """
            INSERT INTO backfill_slices (run_id, slice_number, slice_from, slice_until, traces_decided, traces_sampled,
              traces_exported_before, spans_exported)
            VALUES (:id, :number, :from, :until, :decided, :sampled, :exportedBefore, :exported)""";
    private static final String RUNS = """
            SELECT run_id, name, range_from, range_to, mode, policy_set, inactivity_timeout, max_trace_duration,
              started_at, finished_at
            FROM backfill_runs JOIN sources USING (source_id)""";
    private static final String FIND = RUNS + " WHERE run_id = :id";
    private static final String LIST = RUNS + " ORDER BY started_at DESC, run_id";
    private static final String SLICES = """
            SELECT slice_number, slice_from, slice_until, traces_decided, traces_sampled, traces_exported_before,
              spans_exported
            FROM backfill_slices WHERE run_id = :id ORDER BY slice_number""";
    private static final String FINISH_SLICE = """
            UPDATE backfill_slices SET traces_decided = :decided, traces_sampled = :sampled,
              traces_exported_before = :exportedBefore, spans_exported = :exported
            WHERE run_id = :id AND slice_number = :number""";
    private static final String FINISH =
            "UPDATE backfill_runs SET finished_at = :at WHERE run_id = :id AND finished_at IS NULL";

    private final Database database;

    JdbcBackfillRuns(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(BackfillRun run, List<BackfillSlice> slices) {
        return database.writeAndGet(handle -> {
            boolean added = addRun(handle, run);
            if (added) {
                addSlices(handle, run.id(), slices);
            }
            return added;
        });
    }

    private static boolean addRun(Handle handle, BackfillRun run) {
        return handle.createUpdate(ADD).bind("id", run.id())
                .bind("sourceId", NameTable.SOURCES.idOf(handle, run.table()))
                .bind("from", run.fromMillisInclusive()).bind("to", run.toMillisExclusive())
                .bind("mode", run.mode().name()).bind("policySet", run.policySet())
                .bind("inactivity", run.quiet().inactivityTimeoutMillis())
                .bind("maxDuration", run.quiet().maxTraceDurationMillis())
                .bind("startedAt", run.startedAt().toEpochMilli())
                .bind("finishedAt", run.finishedAt() == null ? null : run.finishedAt().toEpochMilli())
                .execute() == 1;
    }

    private static void addSlices(Handle handle, String id, List<BackfillSlice> slices) {
        try (PreparedBatch batch = handle.prepareBatch(ADD_SLICE)) {
            for (BackfillSlice slice : slices) {
                BackfillSlice.Counts counts = slice.counts();
                batch.bind("id", id).bind("number", slice.number()).bind("from", slice.fromMillisInclusive())
                        .bind("until", slice.untilMillisExclusive())
                        .bind("decided", counts == null ? null : counts.tracesDecided())
                        .bind("sampled", counts == null ? null : counts.tracesSampled())
                        .bind("exportedBefore", counts == null ? null : counts.tracesExportedBefore())
                        .bind("exported", counts == null ? null : counts.spansExported()).add();
            }
            batch.execute();
        }
    }

    @Override
    public Optional<BackfillRun> find(String id) {
        return database.read(handle -> handle.createQuery(FIND).bind("id", id)
                .map((row, context) -> run(row)).findOne());
    }

    @Override
    public List<BackfillRun> list() {
        return database.read(handle -> handle.createQuery(LIST).map((row, context) -> run(row)).list());
    }

    @Override
    public List<BackfillSlice> slices(String id) {
        return database.read(handle -> handle.createQuery(SLICES).bind("id", id)
                .map((row, context) -> slice(row)).list());
    }

    @Override
    public void finishSlice(String id, int number, BackfillSlice.Counts counts) {
        database.write(handle -> handle.createUpdate(FINISH_SLICE).bind("id", id).bind("number", number)
                .bind("decided", counts.tracesDecided()).bind("sampled", counts.tracesSampled())
                .bind("exportedBefore", counts.tracesExportedBefore()).bind("exported", counts.spansExported())
                .execute());
    }

    @Override
    public void finish(String id, Instant at) {
        database.write(handle -> handle.createUpdate(FINISH).bind("id", id).bind("at", at.toEpochMilli()).execute());
    }

    private static BackfillRun run(ResultSet row) throws SQLException {
        long finishedAt = row.getLong("finished_at");
        boolean running = row.wasNull();
        return new BackfillRun(row.getString("run_id"), row.getString("name"), row.getLong("range_from"),
                row.getLong("range_to"), BackfillMode.valueOf(row.getString("mode")), row.getString("policy_set"),
                new QuietRule(row.getLong("inactivity_timeout"), row.getLong("max_trace_duration")),
                Instant.ofEpochMilli(row.getLong("started_at")), running ? null : Instant.ofEpochMilli(finishedAt));
    }

    private static BackfillSlice slice(ResultSet row) throws SQLException {
        BackfillSlice slice = new BackfillSlice(row.getInt("slice_number"), row.getLong("slice_from"),
                row.getLong("slice_until"));
        long decided = row.getLong("traces_decided");
        return row.wasNull()
                ? slice
                : slice.done(new BackfillSlice.Counts(decided, row.getLong("traces_sampled"),
                        row.getLong("traces_exported_before"), row.getLong("spans_exported")));
    }
}
