package dev.tailsampling.store;

import dev.tailsampling.selector.DeadLetter;
import dev.tailsampling.selector.FinishedCycle;
import dev.tailsampling.selector.InstanceRun;
import dev.tailsampling.selector.OperationLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What operators ask about, in a relational database. Thread-safe. */
final class JdbcOperationLog implements OperationLog {

    private static final String BEGIN = """
            INSERT INTO instance_runs
              (run_id, instance, host, program_version, sampled_tables, started_at, ended_at, ending)
            VALUES (:runId, :instance, :host, :version, :tables, :startedAt, :endedAt, :ending)
            ON CONFLICT DO NOTHING""";
    private static final String END =
            "UPDATE instance_runs SET ended_at = :at, ending = :ending WHERE run_id = :runId AND ended_at IS NULL";
    private static final String RUNS = """
            SELECT run_id, instance, host, program_version, sampled_tables, started_at, ended_at, ending
            FROM instance_runs ORDER BY started_at DESC, run_id LIMIT :limit""";
    private static final String FORGET = """
            DELETE FROM instance_runs WHERE started_at < :before AND (ended_at IS NOT NULL OR EXISTS
              (SELECT 1 FROM instance_runs later
               WHERE later.instance = instance_runs.instance AND later.started_at > instance_runs.started_at))""";

    private final Database database;

    JdbcOperationLog(Database database) {
        this.database = database;
    }

    @Override
    public List<FinishedCycle> reports(@Nullable String source, int limit) {
        return database.read(handle -> ReportTable.newest(handle, source, limit));
    }

    @Override
    public List<DeadLetter> deadLetters(@Nullable String source, int limit) {
        return database.read(handle -> DeadLetterTable.newest(handle, source, limit));
    }

    @Override
    public void begin(InstanceRun run) {
        Instant endedAt = run.endedAt();
        database.write(handle -> handle.createUpdate(BEGIN).bind("runId", run.runId())
                .bind("instance", run.instance()).bind("host", run.host()).bind("version", run.version())
                .bind("tables", run.tables()).bind("startedAt", run.startedAt().toEpochMilli())
                .bind("endedAt", endedAt == null ? null : endedAt.toEpochMilli()).bind("ending", run.ending())
                .execute());
    }

    @Override
    public void end(String runId, Instant at, String ending) {
        database.write(handle -> handle.createUpdate(END).bind("runId", runId).bind("at", at.toEpochMilli())
                .bind("ending", ending).execute());
    }

    @Override
    public List<InstanceRun> runs(int limit) {
        return database.read(handle -> handle.createQuery(RUNS).bind("limit", limit)
                .map((row, context) -> run(row)).list());
    }

    private static InstanceRun run(ResultSet row) throws SQLException {
        long endedAt = row.getLong("ended_at");
        boolean running = row.wasNull();
        return new InstanceRun(row.getString("run_id"), row.getString("instance"), row.getString("host"),
                row.getString("program_version"), row.getString("sampled_tables"),
                Instant.ofEpochMilli(row.getLong("started_at")), running ? null : Instant.ofEpochMilli(endedAt),
                row.getString("ending"));
    }

    @Override
    public long forgetRunsOlderThan(Instant startedBefore) {
        return database.writeAndGet(handle -> handle.createUpdate(FORGET)
                .bind("before", startedBefore.toEpochMilli()).execute());
    }

    @Override
    public Optional<String> problem() {
        return database.problem();
    }
}
