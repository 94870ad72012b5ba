package dev.tailsampling.selector;

import java.util.List;

/**
 * The rows of a table of spans by the time of their arrival. Not thread-safe. Failures are
 * {@link java.io.UncheckedIOException} or {@link SourceException}.
 */
public interface SpanHistory {

    /**
     * Some of the table's bytes and the times between which they arrived.
     *
     * @param firstArrivalMillis milliseconds since the epoch, inclusive; {@link Long#MIN_VALUE} if unknown
     * @param lastArrivalMillis milliseconds since the epoch, inclusive; {@link Long#MAX_VALUE} if unknown
     * @param bytes their size
     */
    record Portion(long firstArrivalMillis, long lastArrivalMillis, long bytes) {}

    /** Name of the table, "namespace.table". */
    String name();

    /** The portions of the table that may hold rows of a range of arrival times, without reading rows. */
    List<Portion> portions(long fromMillisInclusive, long untilMillisExclusive);

    /** Up to when the table is complete: every row that arrived before is in it. Milliseconds since the epoch. */
    long completeUntilMillis();

    /**
     * Reads the rows that arrived in a range, in no certain order, each once whatever happens to the table meanwhile.
     *
     * @return with the end of the range as position (in the place of the offset of partition 0) and as table time
     */
    SourceRead read(long fromMillisInclusive, long untilMillisExclusive, SpanSink sink);

    /** What was read so far, fetching included; only differences mean something. */
    default ReadStats stats() {
        return ReadStats.NONE;
    }

    /**
     * Delivers all spans of these traces that arrived between their first and last arrival, and before a time. Memory
     * stays bounded whatever the sizes. Locations are not looked at.
     */
    void fetch(List<FetchRequest> requests, long untilMillisExclusive, SpanFetcher.Receiver receiver);
}
