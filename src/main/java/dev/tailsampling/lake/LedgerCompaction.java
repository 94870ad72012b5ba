package dev.tailsampling.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewrites neighbouring small files of the ledger into larger ones, in which the rows are sorted by trace id. No row
 * changes, and files stay in the order of their commits. Writers and readers are not disturbed: the old files go with the
 * snapshots that need them. Of two instances that rewrite the same files one gives up.
 *
 * @param plan which files
 * @param maxBytesPerRun about how many bytes of files are rewritten at once, since a cycle waits for it
 */
record LedgerCompaction(CompactionPlan plan, long maxBytesPerRun) {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerCompaction.class);
    private static final int ATTEMPTS = 3;

    static final LedgerCompaction DEFAULT = new LedgerCompaction(CompactionPlan.DEFAULT, 32L << 20);

    /**
     * Rewrites what the plan says. Failures are logged: it is housekeeping, and done another time.
     *
     * @param inTurn makes a commit while no other thread of the process makes one
     */
    void apply(Table table, Consumer<Runnable> inTurn) {
        if (table.currentSnapshot() == null) {
            return;
        }
        try {
            long bytes = 0;
            for (List<DataFile> group : plan.groups(table)) {
                if (bytes < maxBytesPerRun) {
                    rewrite(table, group, inTurn);
                    bytes += CompactionPlan.bytes(group);
                }
            }
        } catch (CommitFailedException | ValidationException e) {
            LOG.debug("Small files of {} stay for a while: another writer was faster", table.name(), e);
        } catch (RuntimeException e) {
            // The cycle is recorded, and there are some more files for a while.
            LOG.warn("Small files of {} could not be rewritten; it is tried again later", table.name(), e);
        }
    }

    private static void rewrite(Table table, List<DataFile> group, Consumer<Runnable> inTurn) {
        long snapshot = table.currentSnapshot().snapshotId();
        List<DataFile> merged = merged(table, group);
        try {
            inTurn.accept(() -> commit(table, group, merged, snapshot));
        } catch (CommitStateUnknownException e) {
            throw e;
        } catch (RuntimeException e) {
            DataFileWriter.delete(table, merged);
            throw e;
        }
    }

    private static List<DataFile> merged(Table table, List<DataFile> group) {
        LedgerWriter writer = new LedgerWriter(table, group.getLast().dataSequenceNumber());
        try (MergedRows rows = new MergedRows(table, group)) {
            rows.forEach(writer::write);
        } catch (IOException e) {
            writer.abort();
            throw new UncheckedIOException("closing small files of " + table.name() + " failed", e);
        } catch (RuntimeException e) {
            writer.abort();
            throw e;
        }
        return writer.complete();
    }

    private static void commit(Table table, List<DataFile> group, List<DataFile> merged, long snapshot) {
        for (int attempt = 1;; attempt++) {
            RewriteFiles rewrite = table.newRewrite().validateFromSnapshot(snapshot)
                    .dataSequenceNumber(group.getLast().dataSequenceNumber());
            group.forEach(rewrite::deleteFile);
            merged.forEach(rewrite::addFile);
            try {
                rewrite.commit();
                return;
            } catch (CommitFailedException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                // Somebody else committed first, most likely rows.
            }
        }
    }
}
