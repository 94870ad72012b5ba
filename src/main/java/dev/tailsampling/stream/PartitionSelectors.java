package dev.tailsampling.stream;

import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.PartitionFetcher;
import dev.tailsampling.selector.SpanSource;

/** Makes the selectors of partitions and is told how it goes with them. Called by several threads. */
public interface PartitionSelectors {

    /** The partition is read by this instance from now on. */
    void joined(String source);

    /**
     * Makes the selector of a partition that has joined; after a failure another one.
     *
     * @param source the partition, "topic/partition"
     * @param topic reads its spans again
     */
    PartitionSelector open(SpanSource source, int partition, PartitionFetcher topic);

    /** A cycle, or an attempt at one, begins. */
    void begins(String source);

    /** It is over, whatever came of it. */
    void rests(String source);

    /** What came of the cycles of the last second or so. */
    void reported(String source, PartitionSelector selector, CycleReport report);

    /** Something failed; it is tried again. */
    void failed(String source, RuntimeException failure);

    /** The partition is no longer read by this instance. */
    void left(String source);
}
