package dev.tailsampling.lake;

import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.LoggedCycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * Commits one cycle to the ledger, on condition that the cycle before it is the source's newest. Iceberg rebases an append
 * onto whatever it finds at commit time, so the condition is checked on that base too: a process that lost its lease
 * while it was paused cannot commit over its successor.
 */
final class LedgerCommit {

    private static final int ATTEMPTS = 10;

    private final Supplier<Table> loader;
    private final LoggedCycle cycle;
    private @Nullable CommitStateUnknownException unknown;

    LedgerCommit(Supplier<Table> loader, LoggedCycle cycle) {
        this.loader = loader;
        this.cycle = cycle;
    }

    /**
     * Whether the cycle is in the ledger already, from an attempt whose outcome was not known.
     *
     * @throws ConcurrentCycleException if it is neither there nor the next one
     */
    boolean isRecorded(LedgerHistory history) {
        Optional<LoggedCycle> newest = history.latest(cycle.source());
        if (newest.isPresent() && newest.get().cycleId().equals(cycle.cycleId())) {
            return true;
        }
        long number = newest.map(LoggedCycle::cycle).orElse(0L);
        if (number != cycle.cycle() - 1) {
            throw new ConcurrentCycleException("cycle " + cycle.cycle() + " of " + cycle.source()
                    + " cannot be recorded: the ledger's newest is " + number + newest
                            .map(c -> ", written by run " + c.runId()).orElse("")
                    + ", so another process decides on the same source");
        }
        return false;
    }

    /**
     * Commits the files of the cycle.
     *
     * @throws ConcurrentCycleException if another process was faster; the files are deleted
     * @throws UncheckedIOException if every attempt failed; the files are deleted unless they may have been committed
     */
    void commit(List<DataFile> files) {
        Table table = loader.get();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (isRecorded(new LedgerHistory(SnapshotUtil.currentAncestors(table))) || append(table, files)) {
                    return;
                }
                table = loader.get();
            }
        } catch (ConcurrentCycleException e) {
            deleteUnlessUnknown(table, files);
            throw e;
        }
        deleteUnlessUnknown(table, files);
        String problem = unknown == null
                ? "cycle " + cycle.cycle() + " of " + cycle.source() + " could not be recorded: " + ATTEMPTS
                        + " commits in a row lost against other writers of " + table.name()
                : "whether cycle " + cycle.cycle() + " of " + cycle.source() + " was recorded is not known: look for "
                        + cycle.cycleId() + " in the snapshots of " + table.name();
        throw new UncheckedIOException(problem, new IOException(problem, unknown));
    }

    private boolean append(Table table, List<DataFile> files) {
        AppendFiles append = table.newAppend();
        files.forEach(append::appendFile);
        CycleSummary.write(cycle, append);
        append.validateWith(base -> !isRecorded(new LedgerHistory(base)));
        try {
            append.commit();
            return true;
        } catch (CommitStateUnknownException e) {
            unknown = e;
            return false;
        } catch (CommitFailedException | ValidationException e) {
            // Somebody else committed first. The next attempt finds out whether that matters.
            return false;
        }
    }

    private void deleteUnlessUnknown(Table table, List<DataFile> files) {
        if (unknown == null) {
            DataFileWriter.delete(table, files);
        }
    }
}
