package dev.tailsampling.lake;

import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;

/** What a commit says in its snapshot's summary, so that it is known again, and on which history it may be said. */
interface SummaryEntry {

    /**
     * Whether the history says it already: from an attempt whose outcome was not known, or in other words.
     *
     * @param newestFirst the snapshots from the current one back
     * @throws dev.tailsampling.selector.ConcurrentCycleException if the history forbids it
     */
    boolean isIn(Iterable<Snapshot> newestFirst);

    /** Puts it into the summary of a commit. */
    void write(SnapshotUpdate<?> update);

    /** What is recorded, for messages. */
    String description();

    /** What to look for in the snapshots when the outcome of the commit is not known. */
    String mark();
}
