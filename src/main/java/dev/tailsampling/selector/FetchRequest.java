package dev.tailsampling.selector;

import dev.tailsampling.trace.TraceId;
import java.util.List;

/**
 * Asks for all spans of one trace.
 *
 * @param traceId the trace
 * @param locations files known to hold its spans; empty when they are not known, then the arrival times find them
 * @param firstArrivalMillis arrival of its first span, milliseconds since the epoch
 * @param lastArrivalMillis arrival of its last span
 * @param spanCount how many spans there are within that time, duplicates included: when as many are found, no other file
 *     is looked at; {@link #UNKNOWN_SPAN_COUNT} if that is not known
 * @param byteCount about how many bytes of OTLP to expect
 */
public record FetchRequest(TraceId traceId, List<Integer> locations, long firstArrivalMillis, long lastArrivalMillis,
        int spanCount, long byteCount) {

    /** Says that all files in which spans may be have to be looked at. */
    public static final int UNKNOWN_SPAN_COUNT = 0;

    public FetchRequest {
        locations = List.copyOf(locations);
    }
}
