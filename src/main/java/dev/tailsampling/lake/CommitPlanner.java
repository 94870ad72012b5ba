package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;

/**
 * Lists the new files of a table whose rows do not say which Kafka record they are. New rows are those that appends
 * brought: a compaction brings none, whatever sequence numbers its files get, so an appended file is read as it was
 * appended, from the snapshot that still has it.
 *
 * <p>The first read has nothing to go by but the files of the table as it then was. They count as its load; their rows
 * stand at the sequence number that their file had then.
 */
final class CommitPlanner {

    /** Receives commits in ascending order. */
    @FunctionalInterface
    interface CommitVisitor {
        /**
         * What one commit brought.
         *
         * @return whether the next one is wanted
         */
        boolean commit(long sequenceNumber, List<PlannedFile> files);
    }

    private final TableName name;
    private final FilePlanner planner;
    private final Snapshot snapshot;
    private final CommitHistory history;

    /**
     * Plans over one snapshot and those before it.
     *
     * @throws SourceException if the table is of format version 1, which numbers no commits
     */
    CommitPlanner(TableName name, Table table, FilePlanner planner, Snapshot snapshot,
            CommitHistory history) {
        if (TableUtil.formatVersion(table) < 2) {
            throw new SourceException("table " + name + " is of format version 1, which does not number its commits, "
                    + "and its rows have no Kafka offsets: upgrade it with the table property format-version=2");
        }
        this.name = name;
        this.planner = planner;
        this.snapshot = snapshot;
        this.history = history;
    }

    /**
     * Visits the commits after one; each location once.
     *
     * @param sequenceNumberExclusive what has been read; -1 for nothing
     * @param loadInclusive sequence number of the snapshot with which the first read began
     * @return how many rows the commits have that were not wanted, that of the first refusal included
     * @throws SourceException if it cannot be told which rows were read
     */
    long forEachAfter(long sequenceNumberExclusive, long loadInclusive, CommitVisitor visitor) {
        Set<String> left = new HashSet<>(history.deletedAfter(sequenceNumberExclusive));
        long planned = sequenceNumberExclusive;
        if (sequenceNumberExclusive < loadInclusive || !history.reaches(sequenceNumberExclusive)) {
            Snapshot base = base(sequenceNumberExclusive, loadInclusive);
            NavigableMap<Long, List<PlannedFile>> files = filesOf(base, sequenceNumberExclusive, loadInclusive);
            OptionalLong refused = firstRefused(files, left, visitor);
            if (refused.isPresent()) {
                return rows(files.tailMap(refused.getAsLong(), true))
                        + history.rowsAppendedAfter(base.sequenceNumber());
            }
            planned = base.sequenceNumber();
        }
        for (Snapshot commit : history.after(planned)) {
            if (!visit(commit, left, visitor)) {
                return history.rowsAppendedAfter(commit.sequenceNumber() - 1);
            }
        }
        return 0;
    }

    /** Whose files stand for the commits of which nothing else is known. */
    private Snapshot base(long sequenceNumberExclusive, long loadInclusive) {
        Snapshot load = sequenceNumberExclusive < loadInclusive ? history.at(loadInclusive) : null;
        return load == null ? history.oldest() : load;
    }

    private NavigableMap<Long, List<PlannedFile>> filesOf(Snapshot base, long sequenceNumberExclusive,
            long loadInclusive) {
        NavigableMap<Long, List<PlannedFile>> files = new TreeMap<>();
        planner.files(base, manifest -> manifest.sequenceNumber() > sequenceNumberExclusive,
                file -> sequenceNumber(file) > sequenceNumberExclusive, file -> {
                    requireWhollyNew(file, loadInclusive);
                    files.computeIfAbsent(sequenceNumber(file), number -> new ArrayList<>())
                            .add(planner.planned(file));
                });
        return files;
    }

    /** A file of the load is one that nothing of was read; a younger one only if it is known to have been appended. */
    private void requireWhollyNew(DataFile file, long loadInclusive) {
        Long number = file.fileSequenceNumber();
        if (number != null && number > loadInclusive && !history.isAppend(number)) {
            throw new SourceException("table " + name + " has the file " + file.location() + " of commit " + number
                    + ", and since that snapshot was expired or is a compaction, it cannot be told which of its rows "
                    + "were read before: keep snapshots (history.expire.max-snapshot-age-ms) for longer than the "
                    + "selector is ever stopped, and now begin with a new state directory and ledger namespace");
        }
    }

    private static OptionalLong firstRefused(NavigableMap<Long, List<PlannedFile>> commits, Set<String> left,
            CommitVisitor visitor) {
        return commits.entrySet().stream().filter(commit -> !visit(commit.getKey(), commit.getValue(), left, visitor))
                .mapToLong(Map.Entry::getKey).findFirst();
    }

    private static long rows(Map<Long, List<PlannedFile>> commits) {
        return commits.values().stream().flatMap(List::stream).mapToLong(PlannedFile::rows).sum();
    }

    private boolean visit(Snapshot commit, Set<String> left, CommitVisitor visitor) {
        if (!CommitHistory.isAppend(commit)) {
            history.requireNoNewRows(commit);
            return true;
        }
        List<PlannedFile> added = new ArrayList<>();
        planner.files(commit, manifest -> manifest.sequenceNumber() == commit.sequenceNumber(),
                file -> sequenceNumber(file) == commit.sequenceNumber(), file -> added.add(planner.planned(file)));
        return visit(commit.sequenceNumber(), added, left, visitor);
    }

    private static boolean visit(long number, List<PlannedFile> files, Set<String> left, CommitVisitor visitor) {
        return visitor.commit(number, files.stream().filter(file -> left.add(file.path()))
                .sorted(PlannedFile.READING_ORDER).toList());
    }

    private static long sequenceNumber(DataFile file) {
        Long number = file.dataSequenceNumber();
        return number == null ? 0 : number;
    }

    long sequenceNumber() {
        return snapshot.sequenceNumber();
    }
}
