package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceException;

/**
 * Notices that a topic was created anew while its table stayed: offsets begin at 0 again, so that every row looks like a
 * duplicate. Duplicates are as old as what was read; three commits in a row of younger ones are none. Not thread-safe.
 */
final class OffsetReset {

    private static final int COMMITS = 3;
    /** Record timestamps of one topic are not in order. */
    private static final long DISORDER_MILLIS = 60_000;

    private final TableName name;
    private long newestReadMillis = Long.MAX_VALUE;
    private long lastSuspect = -1;
    private int suspects;

    OffsetReset(TableName name) {
        this.name = name;
    }

    /** A read delivered rows, the youngest of this time. */
    void delivered(long maxTimestampMillis) {
        newestReadMillis = newestReadMillis == Long.MAX_VALUE
                ? maxTimestampMillis
                : Math.max(newestReadMillis, maxTimestampMillis);
        suspects = 0;
    }

    /**
     * A new file holds nothing but offsets that were read.
     *
     * @throws SourceException if it is certain by now that they mean other records
     */
    void skipped(PlannedFile file) {
        if (newestReadMillis == Long.MAX_VALUE || file.dataSequenceNumber() <= lastSuspect
                || file.timestamps().min() - DISORDER_MILLIS <= newestReadMillis) {
            return;
        }
        lastSuspect = file.dataSequenceNumber();
        suspects++;
        if (suspects >= COMMITS) {
            throw new SourceException("table " + name + " gets records with new timestamps and old offsets: its topic "
                    + "was created anew, and the offsets no longer tell what was read; let AutoMQ write the new topic "
                    + "into a new table (drop or rename this one)");
        }
    }
}
