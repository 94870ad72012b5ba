package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceOffsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of Kafka offsets by partition, kept as ranges: rows come mostly in ascending order, so a range grows for most of
 * them, and the memory follows the number of gaps. Not thread-safe.
 */
final class OffsetRanges {

    private final Map<Integer, Ranges> byPartition = new HashMap<>();
    private int lastPartition = -1;
    private @Nullable Ranges lastRanges;

    /** Adds a position; false if it was there already. */
    boolean add(int partition, long offset) {
        return of(partition).add(offset);
    }

    /**
     * Whether some position within these offsets is in this set and not in the other one. Ranges do not touch each other,
     * so a range that the other set covers stands within a single range of it.
     */
    boolean exceeds(OffsetRanges other, SourceOffsets fromInclusive, SourceOffsets untilExclusive) {
        for (Map.Entry<Integer, Ranges> entry : byPartition.entrySet()) {
            int partition = entry.getKey();
            if (entry.getValue().exceeds(other.of(partition), fromInclusive.of(partition),
                    untilExclusive.of(partition))) {
                return true;
            }
        }
        return false;
    }

    /** Per partition the offset after the greatest one added. */
    SourceOffsets ends() {
        TreeMap<Integer, Long> ends = new TreeMap<>();
        byPartition.forEach((partition, ranges) -> {
            if (ranges.size > 0) {
                ends.put(partition, ranges.ends[ranges.size - 1]);
            }
        });
        return new SourceOffsets(ends);
    }

    private Ranges of(int partition) {
        Ranges ranges = lastRanges;
        if (ranges == null || partition != lastPartition) {
            ranges = byPartition.computeIfAbsent(partition, unseen -> new Ranges());
            lastRanges = ranges;
            lastPartition = partition;
        }
        return ranges;
    }

    /** Disjoint ranges in ascending order, starts inclusive, ends exclusive; neighbours do not touch. */
    private static final class Ranges {

        private long[] starts = new long[4];
        private long[] ends = new long[4];
        private int size;

        boolean exceeds(Ranges other, long fromInclusive, long untilExclusive) {
            for (int range = 0; range < size; range++) {
                long start = Math.max(starts[range], fromInclusive);
                long end = Math.min(ends[range], untilExclusive);
                if (start < end && !other.covers(start, end)) {
                    return true;
                }
            }
            return false;
        }

        private boolean covers(long start, long end) {
            int range = lastStartingAtOrBefore(start);
            return range >= 0 && end <= ends[range];
        }

        boolean add(long offset) {
            int before = lastStartingAtOrBefore(offset);
            if (before >= 0 && offset < ends[before]) {
                return false;
            }
            boolean continues = before >= 0 && ends[before] == offset;
            boolean leads = before + 1 < size && starts[before + 1] == offset + 1;
            if (continues && leads) {
                ends[before] = ends[before + 1];
                remove(before + 1);
            } else if (continues) {
                ends[before] = offset + 1;
            } else if (leads) {
                starts[before + 1] = offset;
            } else {
                insert(before + 1, offset);
            }
            return true;
        }

        private int lastStartingAtOrBefore(long offset) {
            if (size > 0 && starts[size - 1] <= offset) {
                return size - 1;
            }
            int found = Arrays.binarySearch(starts, 0, size, offset);
            return found >= 0 ? found : -found - 2;
        }

        private void insert(int at, long offset) {
            if (size == starts.length) {
                starts = Arrays.copyOf(starts, size * 2);
                ends = Arrays.copyOf(ends, size * 2);
            }
            System.arraycopy(starts, at, starts, at + 1, size - at);
            System.arraycopy(ends, at, ends, at + 1, size - at);
            starts[at] = offset;
            ends[at] = offset + 1;
            size++;
        }

        private void remove(int at) {
            size--;
            System.arraycopy(starts, at + 1, starts, at, size - at);
            System.arraycopy(ends, at + 1, ends, at, size - at);
        }
    }
}
