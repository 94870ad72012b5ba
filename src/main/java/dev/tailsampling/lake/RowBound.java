package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceOffsets;

/** Up to where rows are read. */
interface RowBound {

    /** Whether a file may hold rows up to here. */
    boolean mayBeIn(PlannedFile file, PinnedTable table);

    /** Whether a row is one of them. */
    boolean includes(PinnedTable table, int partition, long offset, long timestampMillis);

    /** The rows below these offsets; without offsets, those of the files that are asked for. */
    static RowBound below(SourceOffsets untilExclusive) {
        return new RowBound() {
            @Override
            public boolean mayBeIn(PlannedFile file, PinnedTable table) {
                // What a compaction wrote has rows of commits before it.
                return table.hasPositions()
                        ? file.mayHoldBelow(untilExclusive)
                        : !table.planner().isAppendedFrom(file, untilExclusive.of(CommitPositions.PARTITION));
            }

            @Override
            public boolean includes(PinnedTable table, int partition, long offset, long timestampMillis) {
                return !table.hasPositions() || offset < untilExclusive.of(partition);
            }
        };
    }

    /** The rows that arrived before this time, milliseconds since the epoch. */
    static RowBound arrivedBefore(long untilMillisExclusive) {
        return new RowBound() {
            @Override
            public boolean mayBeIn(PlannedFile file, PinnedTable table) {
                return file.timestamps().min() < untilMillisExclusive;
            }

            @Override
            public boolean includes(PinnedTable table, int partition, long offset, long timestampMillis) {
                return timestampMillis < untilMillisExclusive;
            }
        };
    }
}
