package dev.tailsampling.lake;

import dev.tailsampling.parquet.CorruptFileException;
import dev.tailsampling.selector.SourceOffsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the rows that a compaction moved behind the end of a read. The cursor's offsets promise that everything below
 * them was delivered. Commits bring the offsets of a partition in ascending order, but compacted rows may stand at a later
 * sequence number than rows that follow them; so before a read that stops early may end, the files after it are searched
 * for rows below the offsets that it reached.
 *
 * <p>Such a file holds records as old as those delivered, so of an ordinary table only the files next to the end of the
 * read are looked into. Each is looked into once, without reading its values. Not thread-safe.
 */
final class MovedRows {

    private final Map<String, OffsetRanges> positionsByPath = new HashMap<>();

    /** Delivers them. */
    void deliver(List<PlannedFile> rest, PinnedTable table, SourceOffsets fromInclusive, RowDelivery delivery) {
        SourceOffsets reached = delivery.delivered().ends();
        for (PlannedFile file : rest) {
            if (file.mayHoldBelow(reached) && file.timestamps().min() <= delivery.maxTimestampMillis()
                    && positions(file, table).exceeds(delivery.delivered(), fromInclusive, reached)) {
                delivery.deliverWithin(List.of(file), table, fromInclusive, reached);
            }
        }
        if (rest.isEmpty()) {
            positionsByPath.clear();
        }
    }

    private OffsetRanges positions(PlannedFile file, PinnedTable table) {
        OffsetRanges known = positionsByPath.get(file.path());
        if (known != null) {
            return known;
        }
        OffsetRanges positions = new OffsetRanges();
        try {
            table.spans().positions(file, positions::add);
        } catch (CorruptFileException e) {
            // It is set aside when its turn comes.
        }
        positionsByPath.put(file.path(), positions);
        return positions;
    }
}
