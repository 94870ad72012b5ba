package dev.tailsampling.lake;

import dev.tailsampling.lake.PlannedFile.Bounds;

/**
 * A part of one Kafka partition.
 *
 * @param fromInclusive offset
 * @param untilExclusive offset
 */
record OffsetWindow(int partition, long fromInclusive, long untilExclusive) {

    boolean contains(int ofPartition, long offset) {
        return ofPartition == partition && fromInclusive <= offset && offset < untilExclusive;
    }

    /** Whether some row between these bounds may be in it. */
    boolean overlaps(Bounds partitions, Bounds offsets) {
        return partitions.contains(partition) && offsets.overlap(fromInclusive, untilExclusive - 1);
    }

    /** The offsets of this part among others. */
    Bounds within(Bounds offsets) {
        return new Bounds(Math.max(offsets.min(), fromInclusive), Math.min(offsets.max(), untilExclusive - 1));
    }
}
