package dev.tailsampling.selector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the spans of one partition again: from the table that the topic is written to as far as that goes, and the rest
 * from the topic. So a decision need not wait for the table. Not thread-safe.
 */
public final class TieredFetcher implements SpanFetcher {

    private final int partition;
    private final @Nullable PartitionFetcher table;
    private final PartitionFetcher topic;

    /**
     * Of one partition.
     *
     * @param table null if there is none
     */
    public TieredFetcher(int partition, @Nullable PartitionFetcher table, PartitionFetcher topic) {
        this.partition = partition;
        this.table = table;
        this.topic = topic;
    }

    @Override
    public void fetch(List<FetchRequest> requests, SourceOffsets until, Receiver receiver) {
        long end = until.of(partition);
        PartitionFetcher lake = table;
        long inTable = lake == null ? 0 : Math.min(end, lake.endOffsetExclusive(partition));
        if (lake != null && inTable > 0) {
            fetch(lake, requests, 0, inTable, end, receiver);
        }
        if (inTable < end && receiver.wantsMore()) {
            fetch(topic, requests, inTable, end, end, receiver);
        }
    }

    private void fetch(PartitionFetcher from, List<FetchRequest> requests, long fromInclusive, long untilExclusive,
            long end, Receiver receiver) {
        List<FetchRequest> parts = requests.stream().filter(request -> touches(request, fromInclusive, untilExclusive))
                .map(request -> fromInclusive == 0 && untilExclusive == end ? request : request.ofUnknownCount())
                .toList();
        if (!parts.isEmpty()) {
            from.fetch(partition, parts, fromInclusive, untilExclusive, receiver);
        }
    }

    private static boolean touches(FetchRequest request, long fromInclusive, long untilExclusive) {
        return request.locations().isEmpty() || request.locations().stream()
                .anyMatch(location -> OffsetLocations.endOffsetExclusive(location) > fromInclusive
                        && OffsetLocations.firstOffset(location) < untilExclusive);
    }
}
