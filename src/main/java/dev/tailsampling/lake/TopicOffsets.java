package dev.tailsampling.lake;

import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.selector.SourceOffsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Finds out where a topic ends, from the table that it was written to. */
final class TopicOffsets {

    private TopicOffsets() {}

    /** Per partition the offset after the greatest one in the table. The newest files are read, older ones seldom. */
    static Map<Integer, Long> next(TableName name, Table table) {
        Map<Integer, Long> next = new TreeMap<>();
        Snapshot snapshot = table.currentSnapshot();
        if (snapshot != null) {
            PinnedTable pinned = new SourceTable(name, new LayoutChoice.Given(TableTopicSchema.LAYOUT),
                    new ReadTotals()).pinned(table, snapshot);
            List<PlannedFile> files = pinned.planner().all(file -> true);
            for (PlannedFile file : files.reversed()) {
                if (!file.isBelow(new SourceOffsets(new TreeMap<>(next)))) {
                    pinned.spans().positions(file,
                            (partition, offset) -> next.merge(partition, offset + 1, Math::max));
                }
            }
        }
        return next;
    }
}
