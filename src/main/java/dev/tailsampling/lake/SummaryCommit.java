package dev.tailsampling.lake;

import dev.tailsampling.selector.ConcurrentCycleException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
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
 * Commits files with what their snapshot's summary says, on condition that the history before it allows it. Iceberg rebases an append onto
 * whatever it finds at commit time, so the condition is checked on that base too: a process that lost its lease while it
 * was paused cannot commit over its successor.
 */
final class SummaryCommit {

    private static final int ATTEMPTS = 10;

    private final Supplier<Table> loader;
    private final SummaryEntry entry;
    private @Nullable CommitStateUnknownException unknown;

    SummaryCommit(Supplier<Table> loader, SummaryEntry entry) {
        this.loader = loader;
        this.entry = entry;
    }

    /**
     * Commits the entry with its files, unless it is there already.
     *
     * @throws ConcurrentCycleException if another process was faster; the files are deleted
     * @throws UncheckedIOException if every attempt failed; the files are deleted unless they may have been committed
     */
    void commit(List<DataFile> files) {
        Table table = loader.get();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (entry.isIn(SnapshotUtil.currentAncestors(table)) || append(table, files)) {
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
                ? entry.description() + " could not be recorded: " + ATTEMPTS
                        + " commits in a row lost against other writers of " + table.name()
                : "whether " + entry.description() + " was recorded is not known: look for " + entry.mark()
                        + " in the snapshots of " + table.name();
        throw new UncheckedIOException(problem, new IOException(problem, unknown));
    }

    private boolean append(Table table, List<DataFile> files) {
        AppendFiles append = table.newAppend();
        files.forEach(append::appendFile);
        entry.write(append);
        append.validateWith(base -> !entry.isIn(base));
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
