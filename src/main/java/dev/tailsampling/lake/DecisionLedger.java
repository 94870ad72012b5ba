package dev.tailsampling.lake;

import dev.tailsampling.selector.CycleGroup;
import dev.tailsampling.selector.CycleGroupLog;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LoggedCycle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decision ledger as the Iceberg table {@code trace_decisions}: one append for each cycle, or for several of several
 * sources, whose snapshot summary carries the cycles and their cursors, so that decisions and progress are one atomic commit. The table is created when it
 * is first needed, and keeps itself in order: see {@link LedgerCompaction} and {@link LedgerRetention}.
 *
 * <p>Thread-safe; one writer per source. Writers of several sources commit one after the other, in the order in which
 * they come, instead of losing commits against each other. I/O happens in the calls.
 */
public final class DecisionLedger implements CycleGroupLog {

    private static final Logger LOG = LoggerFactory.getLogger(DecisionLedger.class);
    private static final int SCHEMA_ATTEMPTS = 10;

    private final LakeCatalog catalog;
    private final TableName name;
    private final LedgerHousekeeping housekeeping;
    private final ReentrantLock commits = new ReentrantLock(true);
    private final ReentrantLock compactions = new ReentrantLock();
    /** How many commits of several sources this process has made. */
    private final AtomicLong recordedTogether = new AtomicLong();

    /**
     * Connects to nothing yet. Cycles can be looked up for a day, but not many more than the last 1000.
     *
     * @param namespace where the table is, or is to be
     */
    public DecisionLedger(LakeCatalog catalog, String namespace) {
        this(catalog, namespace, LedgerHousekeeping.DEFAULT);
    }

    DecisionLedger(LakeCatalog catalog, String namespace, LedgerHousekeeping housekeeping) {
        this.catalog = catalog;
        this.housekeeping = housekeeping;
        this.name = TableName.in(namespace, LedgerSchema.TABLE);
    }

    /** Its table, "namespace.table". */
    public String table() {
        return name.text();
    }

    /** The UUID of its table, which is made if there is none yet. */
    @Override
    public String identity() {
        return explained("opening", () -> findOrCreate().uuid().toString());
    }

    @Override
    public void record(LoggedCycle cycle, Iterable<DecisionRecord> decisions) {
        explained("recording a cycle in", () -> {
            LedgerEntry entry = new LedgerEntry.Cycle(cycle);
            Table table = findOrCreate();
            if (!entry.isRecorded(history(table))) {
                List<DataFile> files = write(table, cycle, decisions);
                inTurn(() -> new SummaryCommit(this::findOrCreate, entry).commit(files));
            }
            if (housekeeping.isDueAfter(cycle.cycle())) {
                attempt(this::keepInOrder);
            }
            return cycle;
        });
    }

    @Override
    public void recordTogether(List<CycleGroup> groups, Iterable<DecisionRecord> decisions) {
        explained("recording cycles in", () -> {
            Table table = findOrCreate();
            List<CycleGroup> missing = LedgerEntry.Groups.missing(groups, history(table));
            if (!missing.isEmpty()) {
                List<DataFile> files = write(table, missing.getFirst().last(), of(missing, decisions));
                LedgerEntry entry = new LedgerEntry.Groups(missing);
                inTurn(() -> new SummaryCommit(this::findOrCreate, entry).commit(files));
                if (housekeeping.isDueAfter(recordedTogether.incrementAndGet())) {
                    attempt(this::keepInOrder);
                }
            }
            return missing;
        });
    }

    private static Iterable<DecisionRecord> of(List<CycleGroup> groups, Iterable<DecisionRecord> decisions) {
        Map<String, CycleGroup> bySource = new HashMap<>();
        groups.forEach(group -> bySource.put(group.last().source(), group));
        return () -> StreamSupport.stream(decisions.spliterator(), false).filter(decision -> {
            CycleGroup group = bySource.get(decision.source());
            return group != null && decision.cycle() > group.previousCycle()
                    && decision.cycle() <= group.last().cycle();
        }).iterator();
    }

    private void keepInOrder() {
        compact();
        inTurn(() -> housekeeping.retention().apply(findOrCreate()));
    }

    @Override
    public void fence(String source, long token, String runId) {
        LedgerEntry fence = new LedgerEntry.Fence(source, token, runId);
        explained("fencing " + source + " in", () -> {
            inTurn(() -> new SummaryCommit(this::findOrCreate, fence).commit(List.of()));
            attempt(this::shorten);
            return fence;
        });
    }

    /** Leaders that come and go without a cycle leave their fences, and no cycle at which these would go. */
    private void shorten() {
        Table table = findOrCreate();
        if (housekeeping.isDueAt(table.history().size())) {
            inTurn(() -> housekeeping.retention().apply(table));
        }
    }

    /** What was to be recorded is recorded: whatever fails here, the catalog's answer included, is done another time. */
    private void attempt(Runnable housework) {
        try {
            housework.run();
        } catch (RuntimeException e) {
            LOG.warn("The ledger {} could not be kept in order; it is tried again later", name, e);
        }
    }

    /** One thread is enough; the others need not wait for it. */
    private void compact() {
        if (compactions.tryLock()) {
            try {
                housekeeping.compaction().apply(findOrCreate(), this::inTurn);
            } finally {
                compactions.unlock();
            }
        }
    }

    private void inTurn(Runnable commit) {
        commits.lock();
        try {
            commit.run();
        } finally {
            commits.unlock();
        }
    }

    /** The table; what an earlier release did not have is added to it. */
    private Table findOrCreate() {
        Table table = find();
        for (int attempt = 1; !LedgerSchema.isComplete(table); attempt++) {
            try {
                LedgerSchema.complete(table);
            } catch (CommitFailedException e) {
                if (attempt == SCHEMA_ATTEMPTS) {
                    throw e;
                }
                // Somebody else committed first, maybe the same.
                table = find();
            }
        }
        return table;
    }

    private Table find() {
        return catalog.findOrCreate(name, LedgerSchema.SCHEMA, LedgerSchema.SPEC, LedgerSchema.PROPERTIES);
    }

    private static List<DataFile> write(Table table, LoggedCycle cycle, Iterable<DecisionRecord> decisions) {
        Schema schema = table.schema();
        LedgerWriter writer = new LedgerWriter(table, cycle.cycle());
        try {
            decisions.forEach(decision -> writer.write(LedgerRow.of(schema, decision)));
            return writer.complete();
        } catch (RuntimeException e) {
            writer.abort();
            throw e;
        }
    }

    @Override
    public Optional<LoggedCycle> latest(String source) {
        return explained("reading", () -> catalog.find(name).flatMap(table -> history(table).latest(source)));
    }

    @Override
    public long fencingToken(String source) {
        return explained("reading", () -> catalog.find(name).map(table -> history(table).fencingToken(source))
                .orElse(0L));
    }

    @Override
    public List<LoggedCycle> cycles(String source, long fromCycleInclusive) {
        return explained("reading", () -> catalog.find(name)
                .map(table -> history(table).cycles(source, fromCycleInclusive)).orElse(List.of()));
    }

    @Override
    public void forEach(DecisionFilter filter, Consumer<DecisionRecord> action) {
        explained("reading", () -> {
            catalog.find(name).ifPresent(table -> new LedgerScan(table, filter).forEach(action));
            return filter;
        });
    }

    private static LedgerHistory history(Table table) {
        return new LedgerHistory(SnapshotUtil.currentAncestors(table));
    }

    private <T> T explained(String doing, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw catalog.failure(e, doing + " the ledger " + name);
        }
    }
}
