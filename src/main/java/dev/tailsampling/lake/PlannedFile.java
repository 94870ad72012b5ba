package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceOffsets;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;

/**
 * A live data file, with what its bounds tell about the rows in it. Immutable.
 *
 * @param path location
 * @param sizeInBytes length
 * @param rows how many it has
 * @param dataSequenceNumber number of the commit that its rows belong to
 * @param partitions bounds of the Kafka partitions
 * @param offsets bounds of the Kafka offsets, over all its partitions together
 * @param timestamps bounds of the record timestamps, milliseconds since the epoch
 * @param committedByMillis no row arrived later than this, whatever its timestamp says
 */
record PlannedFile(String path, long sizeInBytes, long rows, long dataSequenceNumber, Bounds partitions,
        Bounds offsets, Bounds timestamps, long committedByMillis) {

    /** Order in which files are read: as they were committed. */
    static final Comparator<PlannedFile> READING_ORDER =
            Comparator.comparingLong(PlannedFile::dataSequenceNumber).thenComparing(PlannedFile::path);

    /**
     * Least and greatest value, both inclusive.
     *
     * @param min least value
     * @param max greatest value
     */
    record Bounds(long min, long max) {
        static final Bounds UNKNOWN = new Bounds(Long.MIN_VALUE, Long.MAX_VALUE);

        boolean contains(long value) {
            return min <= value && value <= max;
        }

        boolean overlap(long fromInclusive, long toInclusive) {
            return min <= toInclusive && fromInclusive <= max;
        }
    }

    /**
     * When a row of this file arrived, as far as its timestamp is to be believed: producers have clocks that are ahead, and
     * some set no timestamp (-1, or 0 where no column says it).
     */
    long activeMillis(long timestampMillis) {
        return timestampMillis <= 0 ? committedByMillis : Math.min(timestampMillis, committedByMillis);
    }

    /** Whether every row must be below these offsets. */
    boolean isBelow(SourceOffsets next) {
        if (partitions.equals(Bounds.UNKNOWN)) {
            return false;
        }
        SortedMap<Integer, Long> known = known(next);
        // A partition without an offset is a new one.
        return known.size() == partitions.max() - partitions.min() + 1
                && known.values().stream().allMatch(offset -> offsets.max() < offset);
    }

    /** Whether some row may be below these offsets. */
    boolean mayHoldBelow(SourceOffsets untilExclusive) {
        return known(untilExclusive).values().stream().anyMatch(until -> offsets.min() < until);
    }

    /** Whether some row may be within these offsets. */
    boolean mayHoldWithin(SourceOffsets fromInclusive, SourceOffsets untilExclusive) {
        for (Map.Entry<Integer, Long> until : known(untilExclusive).entrySet()) {
            if (offsets.overlap(fromInclusive.of(until.getKey()), until.getValue() - 1)) {
                return true;
            }
        }
        return false;
    }

    private SortedMap<Integer, Long> known(SourceOffsets byPartition) {
        int first = (int) Math.max(partitions.min(), 0);
        int last = (int) Math.min(partitions.max(), Integer.MAX_VALUE - 1);
        return byPartition.byPartition().subMap(first, Math.max(first, last + 1));
    }
}
