package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/** The commits that led to a snapshot, by their sequence numbers, as far back as the table remembers. Immutable. */
final class CommitHistory {

    private final TableName name;
    private final FileIO io;
    private final Snapshot newest;
    private final NavigableMap<Long, Snapshot> known = new TreeMap<>();

    CommitHistory(TableName name, Table table, Snapshot snapshot) {
        this.name = name;
        this.io = table.io();
        this.newest = snapshot;
        SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)
                .forEach(ancestor -> known.put(ancestor.sequenceNumber(), ancestor));
    }

    /** Whether every commit after this sequence number is known. */
    boolean reaches(long sequenceNumberExclusive) {
        Snapshot oldest = oldest();
        return oldest.parentId() == null || oldest.sequenceNumber() <= sequenceNumberExclusive + 1;
    }

    /** The oldest known snapshot. */
    Snapshot oldest() {
        return known.firstEntry().getValue();
    }

    /** The commit of this sequence number, null if it is not known. */
    @Nullable
    Snapshot at(long sequenceNumber) {
        return known.get(sequenceNumber);
    }

    /** The known commits after a sequence number, oldest first. */
    Collection<Snapshot> after(long sequenceNumberExclusive) {
        return known.tailMap(sequenceNumberExclusive, false).values();
    }

    /**
     * By when the rows of a sequence number had been committed, milliseconds since the epoch: at their commit, or where
     * that is expired, at the next one that is known.
     */
    long committedByMillis(long sequenceNumber) {
        // Format version 1 has no sequence numbers.
        var commit = sequenceNumber == 0 ? null : known.ceilingEntry(sequenceNumber);
        return (commit == null ? newest : commit.getValue()).timestampMillis();
    }

    /** Rows that the known appends after a sequence number say they added. */
    long rowsAppendedAfter(long sequenceNumberExclusive) {
        return after(sequenceNumberExclusive).stream().filter(CommitHistory::isAppend)
                .mapToLong(append -> number(append, SnapshotSummary.ADDED_RECORDS_PROP)).sum();
    }

    /** Whether the commit of that number is known to have added new rows and nothing else. */
    boolean isAppend(long sequenceNumber) {
        Snapshot snapshot = at(sequenceNumber);
        return snapshot != null && isAppend(snapshot);
    }

    static boolean isAppend(Snapshot snapshot) {
        return DataOperations.APPEND.equals(snapshot.operation());
    }

    /** Locations of the files that commits after a sequence number took away together with their rows. */
    Set<String> deletedAfter(long sequenceNumberExclusive) {
        Set<String> deleted = new HashSet<>();
        for (Snapshot snapshot : after(sequenceNumberExclusive)) {
            if (DataOperations.DELETE.equals(snapshot.operation())) {
                for (DataFile file : snapshot.removedDataFiles(io)) {
                    deleted.add(file.location());
                }
            }
        }
        return deleted;
    }

    /**
     * A commit that is no append moves rows or takes some away.
     *
     * @throws SourceException if this one must have added rows as well
     */
    void requireNoNewRows(Snapshot snapshot) {
        if (DataOperations.OVERWRITE.equals(snapshot.operation()) && number(snapshot,
                SnapshotSummary.ADDED_RECORDS_PROP) > number(snapshot, SnapshotSummary.DELETED_RECORDS_PROP)) {
            throw new SourceException("table " + name + " was overwritten with more rows than before by snapshot "
                    + snapshot.snapshotId() + ", and its rows have no Kafka offsets that would tell the new ones: let "
                    + "writers append, and read this table into a new state directory and ledger namespace");
        }
        if (number(snapshot, SnapshotSummary.ADDED_DELETE_FILES_PROP) > 0) {
            throw new SourceException("table " + name + " got delete files by snapshot " + snapshot.snapshotId()
                    + ", so its rows are not simply appended: let its writer append only");
        }
    }

    private static long number(Snapshot snapshot, String key) {
        Map<String, String> summary = snapshot.summary();
        String value = summary == null ? null : summary.get(key);
        return value == null ? 0 : Long.parseLong(value);
    }
}
