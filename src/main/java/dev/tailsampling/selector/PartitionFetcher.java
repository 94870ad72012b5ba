package dev.tailsampling.selector;

import java.util.List;

/**
 * Reads whole spans of chosen traces from a part of one partition: of the topic, or of the table that its records are
 * written to. Not thread-safe. Failures are {@link java.io.UncheckedIOException} or {@link SourceException}.
 */
public interface PartitionFetcher {

    /** Where the partition ends here: records from this offset on cannot be read here yet. 0 if there is nothing. */
    long endOffsetExclusive(int partition);

    /**
     * Delivers the spans of these traces whose records stand between two offsets, or until no more are wanted. Memory
     * stays bounded whatever the sizes.
     *
     * @param requests their locations are {@link OffsetLocations}; where there are none, the arrival times tell
     */
    void fetch(int partition, List<FetchRequest> requests, long fromInclusive, long untilExclusive,
            SpanFetcher.Receiver receiver);
}
