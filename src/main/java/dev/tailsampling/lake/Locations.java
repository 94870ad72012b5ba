package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceOffsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for the data files that hold spans of open traces, so that a summary remembers a file in four bytes. A file has
 * one number for as long as it is remembered. Not thread-safe.
 */
final class Locations {

    /** A numbered file, with the lowest offset of each Kafka partition among the rows that were delivered from it. */
    static final class Location {

        private final int number;
        private final PlannedFile file;
        private final Map<Integer, Long> lowestOffsets = new HashMap<>();
        private int lastPartition = -1;
        private long lastLowest;

        private Location(int number, PlannedFile file) {
            this.number = number;
            this.file = file;
        }

        int number() {
            return number;
        }

        /** Notes that this row was delivered. Rows of one partition mostly follow each other, in ascending order. */
        void delivered(int partition, long offset) {
            if (partition != lastPartition || offset < lastLowest) {
                lastPartition = partition;
                lastLowest = lowestOffsets.merge(partition, offset, Math::min);
            }
        }
    }

    private final Map<Integer, Location> byNumber = new HashMap<>();
    private final Map<String, Location> byPath = new HashMap<>();
    private int nextNumber;

    /** The file's location, the one that it had if it is remembered. */
    Location register(PlannedFile file) {
        return byPath.computeIfAbsent(file.path(), path -> {
            Location location = new Location(nextNumber++, file);
            byNumber.put(location.number, location);
            return location;
        });
    }

    /** The file of this number, or null if it is not remembered. */
    @Nullable
    PlannedFile file(int number) {
        Location location = byNumber.get(number);
        return location == null ? null : location.file;
    }

    /** Per partition the lowest offset that was delivered from these files, at most the one in {@code next}. */
    SourceOffsets lowestOffsets(SortedSet<Integer> numbers, SourceOffsets next) {
        SortedMap<Integer, Long> lowest = new TreeMap<>(next.byPartition());
        for (int number : numbers) {
            Location location = byNumber.get(number);
            if (location != null) {
                location.lowestOffsets.forEach((partition, offset) -> lowest.merge(partition, offset, Math::min));
            }
        }
        return new SourceOffsets(lowest);
    }

    /** Forgets the other files. Their numbers are not used again. */
    void forgetAllBut(SortedSet<Integer> numbers) {
        byNumber.keySet().retainAll(numbers);
        byPath.values().removeIf(location -> !byNumber.containsKey(location.number));
    }
}
