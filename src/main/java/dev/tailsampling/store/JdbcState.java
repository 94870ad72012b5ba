package dev.tailsampling.store;

import dev.tailsampling.selector.BackfillRuns;
import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.ForceRuleText;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.selector.OperationLog;
import dev.tailsampling.selector.PolicyHistory;
import dev.tailsampling.selector.PriorDecision;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.trace.TraceId;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recent decisions, the control log and what else is kept in a relational database. Every method is one transaction and
 * blocks until it is done; failures are {@link java.io.UncheckedIOException} with one sentence that names the database. Thread-safe.
 */
public final class JdbcState implements RecentDecisions, ControlLog, AutoCloseable {

    private final Database database;
    private final InstantSource clock;

    private JdbcState(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Opens the embedded database, creates it if it does not exist, and brings its schema up to date. Other processes
     * may have the same file open; it must be on a local disk.
     *
     * @param file the SQLite file; two more appear beside it while it is open
     * @param clock gives the times at which things were noted
     * @throws java.io.UncheckedIOException if the file cannot be opened, is damaged, or was made by a newer program
     */
    public static JdbcState openSqlite(Path file, InstantSource clock) {
        return open(Database.openSqlite(file), new Migrator(Migration.shipped(), clock), clock);
    }

    /**
     * Connects to a PostgreSQL database and brings its schema up to date. Other processes may use it, and start, at the
     * same time. While the server is away calls fail after some seconds; once it is back they succeed again.
     *
     * @param clock gives the times at which things were noted
     * @throws java.io.UncheckedIOException if it cannot be reached, lets nobody in, or was made by a newer program
     */
    public static JdbcState openPostgres(PostgresSettings settings, InstantSource clock) {
        return open(Database.openPostgres(settings), new Migrator(Migration.shipped(), clock), clock);
    }

    private static JdbcState open(Database database, Migrator migrator, InstantSource clock) {
        try {
            database.migrate(migrator);
            return new JdbcState(database, clock);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public Map<TraceId, PriorDecision> find(String source, Collection<TraceId> traceIds) {
        return database.read(handle -> DecisionTable.find(handle, source, traceIds));
    }

    @Override
    public void remember(String source, long cycle, Iterable<DecisionRecord> decisions) {
        database.write(handle -> DecisionTable.remember(handle, source, cycle, decisions));
    }

    @Override
    public long newestCycle(String source) {
        return database.read(handle -> DecisionTable.newestCycle(handle, source));
    }

    /** Scans all decisions, as there is no index by time: 0.3 s for four million. */
    @Override
    public long forgetOlderThan(Instant decidedBefore) {
        return database.writeAndGet(handle -> DecisionTable.forgetOlderThan(handle, decidedBefore));
    }

    @Override
    public void confirmExport(String source, long cycle) {
        database.write(handle -> ControlTables.confirmExport(handle, source, cycle, clock.instant()));
    }

    @Override
    public List<Long> confirmedExports(String source, Collection<Long> cycles) {
        return database.read(handle -> ControlTables.confirmedExports(handle, source, cycles));
    }

    @Override
    public void forgetConfirmedExports(String source, long beforeCycle) {
        database.write(handle -> ControlTables.forgetConfirmedExports(handle, source, beforeCycle));
    }

    @Override
    public void addReport(String source, Instant finishedAt, CycleReport report) {
        database.write(handle -> ReportTable.add(handle, source, finishedAt, report));
    }

    @Override
    public long forgetReportsOlderThan(Instant finishedBefore) {
        return database.writeAndGet(handle -> ReportTable.forgetOlderThan(handle, finishedBefore));
    }

    @Override
    public void addDeadLetters(String source, Map<SourceRow, String> reasons) {
        database.write(handle -> DeadLetterTable.add(handle, source, reasons, clock.instant()));
    }

    @Override
    public long deadLetterCount(String source) {
        return database.read(handle -> DeadLetterTable.count(handle, source));
    }

    @Override
    public void addUnreadableFile(String source, String file, String reason) {
        database.write(handle -> ControlTables.addUnreadableFile(handle, source, file, reason, clock.instant()));
    }

    @Override
    public List<String> unreadableFiles(String source) {
        return database.read(handle -> ControlTables.unreadableFiles(handle, source));
    }

    @Override
    public void addPolicySet(String version, String text) {
        database.write(handle -> ControlTables.addPolicySet(handle, version, text, clock.instant()));
    }

    @Override
    public Optional<String> policySet(String version) {
        return database.read(handle -> ControlTables.policySet(handle, version));
    }

    /**
     * The force rules in the same database; to be used until this is closed.
     *
     * @param text the form in which they are kept
     */
    public ForceRuleCopy forceRules(ForceRuleText text) {
        return new JdbcForceRules(database, text, clock);
    }

    /** The traces handed over, in the same database; to be used until this is closed. A power cut does not undo them. */
    public HandOvers handOvers() {
        return new JdbcHandOvers(database);
    }

    /** The backfill runs in the same database; to be used until this is closed. */
    public BackfillRuns backfillRuns() {
        return new JdbcBackfillRuns(database);
    }

    /** The activations of policy sets in the same database; to be used until this is closed. */
    public PolicyHistory policyHistory() {
        return new JdbcPolicyHistory(database, clock);
    }

    /** What operators ask of the same database; to be used until this is closed. */
    public OperationLog operations() {
        return new JdbcOperationLog(database);
    }

    @Override
    public void keepLimits(String source, long cycle, String limits) {
        database.write(handle -> ControlTables.keepLimits(handle, source, cycle, limits));
    }

    @Override
    public Optional<String> limits(String source, long cycle) {
        return database.read(handle -> ControlTables.limits(handle, source, cycle));
    }

    @Override
    public void close() {
        database.close();
    }
}
