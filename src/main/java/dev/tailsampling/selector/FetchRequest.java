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
 * @param byteCount about how many bytes of OTLP to expect
 */
public record FetchRequest(TraceId traceId, List<Integer> locations, long firstArrivalMillis, long lastArrivalMillis,
        long byteCount) {

    public FetchRequest {
        locations = List.copyOf(locations);
    }
}
