package dev.tailsampling.selector;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One offset for each Kafka partition. Immutable.
 *
 * @param byPartition partition → offset
 */
public record SourceOffsets(SortedMap<Integer, Long> byPartition) {

    /** No partition known yet. */
    public static final SourceOffsets NONE = new SourceOffsets(new TreeMap<>());

    public SourceOffsets {
        byPartition = Collections.unmodifiableSortedMap(new TreeMap<>(byPartition));
    }

    /** The partition's offset, or 0 for a partition not known yet. */
    public long of(int partition) {
        return byPartition.getOrDefault(partition, 0L);
    }

    /** Text form "0:12,1:7", as written into snapshot summaries. */
    public String text() {
        return byPartition.entrySet().stream().map(e -> e.getKey() + ":" + e.getValue())
                .collect(Collectors.joining(","));
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static SourceOffsets parse(String text) {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        if (!text.isEmpty()) {
            for (String pair : text.split(",", -1)) {
                int colon = pair.indexOf(':');
                if (colon < 0) {
                    throw new IllegalArgumentException("offsets look like 0:12,1:7, not like " + text);
                }
                offsets.put(Integer.parseInt(pair.substring(0, colon)), Long.parseLong(pair.substring(colon + 1)));
            }
        }
        return new SourceOffsets(offsets);
    }

    /** These offsets with some partitions' replaced. */
    public SourceOffsets with(Map<Integer, Long> newer) {
        SortedMap<Integer, Long> merged = new TreeMap<>(byPartition);
        merged.putAll(newer);
        return new SourceOffsets(merged);
    }
}
