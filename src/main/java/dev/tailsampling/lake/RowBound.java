package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceOffsets;

/** Up to where rows are read. */
interface RowBound {

    /** Whether a file may hold rows up to here. */
    boolean mayBeIn(PlannedFile file);

    /** Whether a row is one of them. */
    boolean includes(int partition, long offset, long timestampMillis);

    /** The rows below these offsets. */
    static RowBound below(SourceOffsets untilExclusive) {
        return new RowBound() {
            @Override
            public boolean mayBeIn(PlannedFile file) {
                return file.mayHoldBelow(untilExclusive);
            }

            @Override
            public boolean includes(int partition, long offset, long timestampMillis) {
                return offset < untilExclusive.of(partition);
            }
        };
    }

    /** The rows that arrived before this time, milliseconds since the epoch. */
    static RowBound arrivedBefore(long untilMillisExclusive) {
        return new RowBound() {
            @Override
            public boolean mayBeIn(PlannedFile file) {
                return file.timestamps().min() < untilMillisExclusive;
            }

            @Override
            public boolean includes(int partition, long offset, long timestampMillis) {
                return timestampMillis < untilMillisExclusive;
            }
        };
    }
}
