package dev.tailsampling.lake;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Where the partitions of a topic end in the table that it is written to. A partition's records are committed in the order
 * of their offsets, with gaps where Kafka has none, so it ends after its greatest offset. What one snapshot says is
 * remembered, and of a later one only the new files are looked at. Not thread-safe.
 */
final class PartitionEnds {

    private static final int REMEMBERED_FILES = 256;
    private static final long NOTHING_READ = -1;

    /** Up to which commit was looked, and what was found. */
    private record End(long sequenceNumberInclusive, long offsetExclusive) {}

    private final SourceTable source;
    private final Map<Integer, End> ends = new HashMap<>();
    /** Files mostly hold several partitions, which are asked for one after the other. */
    private final Map<String, Map<Integer, Long>> endsByPath = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<Integer, Long>> eldest) {
            return size() > REMEMBERED_FILES;
        }
    };
    private String tableId = "";

    PartitionEnds(SourceTable source) {
        this.source = source;
    }

    /** The offset after the partition's greatest one, 0 if it has none. */
    long of(int partition, Table table) {
        Snapshot snapshot = table.currentSnapshot();
        String id = table.uuid().toString();
        if (snapshot == null || !id.equals(tableId)) {
            ends.clear();
            tableId = id;
        }
        if (snapshot == null) {
            return 0;
        }
        End known = ends.getOrDefault(partition, new End(NOTHING_READ, 0));
        if (known.sequenceNumberInclusive < snapshot.sequenceNumber()) {
            known = new End(snapshot.sequenceNumber(),
                    Math.max(known.offsetExclusive, end(partition, table, snapshot, known.sequenceNumberInclusive)));
            ends.put(partition, known);
        }
        return known.offsetExclusive;
    }

    private long end(int partition, Table table, Snapshot snapshot, long sequenceNumberExclusive) {
        try (PinnedTable pinned = source.pinned(table, snapshot)) {
            TableRows.requirePositions(pinned, source.name());
            return end(partition, pinned, sequenceNumberExclusive);
        }
    }

    /** Before a commit that appended records of the partition there are none with greater offsets. */
    private long end(int partition, PinnedTable table, long sequenceNumberExclusive) {
        List<PlannedFile> files = table.planner().committedAfter(sequenceNumberExclusive,
                file -> file.partitions().contains(partition));
        long end = 0;
        long appended = Long.MIN_VALUE;
        for (PlannedFile file : files.reversed()) {
            if (file.dataSequenceNumber() < appended) {
                break;
            }
            long endOfFile = file.offsets().max() < end ? 0 : end(partition, file, table);
            end = Math.max(end, endOfFile);
            if (endOfFile > 0 && table.planner().isAppendedFrom(file, file.dataSequenceNumber())) {
                appended = file.dataSequenceNumber();
            }
        }
        return end;
    }

    private long end(int partition, PlannedFile file, PinnedTable table) {
        PlannedFile.Bounds partitions = file.partitions();
        boolean isAlone = partitions.min() == partitions.max() && !file.offsets().equals(PlannedFile.Bounds.UNKNOWN);
        return isAlone ? file.offsets().max() + 1 : ends(file, table).getOrDefault(partition, 0L);
    }

    private Map<Integer, Long> ends(PlannedFile file, PinnedTable table) {
        Map<Integer, Long> known = endsByPath.get(file.path());
        if (known == null) {
            Map<Integer, Long> found = new TreeMap<>();
            table.spans().positions(file, (partition, offset) -> found.merge(partition, offset + 1, Math::max));
            endsByPath.put(file.path(), found);
            known = found;
        }
        return known;
    }
}
