package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.TraceId;
import java.util.Arrays;
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
 * @param recordsBefore where a location is a stretch of offsets ({@link OffsetLocations}), how many records of the first
 *     one came before the first span; else 0
 * @param leastSpanCount how many spans there are at the least, even if it is not known how many duplicates; 0 if that is
 *     not known either
 */
public record FetchRequest(TraceId traceId, List<Integer> locations, long firstArrivalMillis, long lastArrivalMillis,
        int spanCount, long byteCount, int recordsBefore, int leastSpanCount) {

    /** Says that all files in which spans may be have to be looked at. */
    public static final int UNKNOWN_SPAN_COUNT = 0;

    public FetchRequest {
        locations = List.copyOf(locations);
    }

    /** Without any record to be left out at the beginning. */
    public FetchRequest(TraceId traceId, List<Integer> locations, long firstArrivalMillis, long lastArrivalMillis,
            int spanCount, long byteCount) {
        this(traceId, locations, firstArrivalMillis, lastArrivalMillis, spanCount, byteCount, 0);
    }

    /** There are as many spans as are known. */
    public FetchRequest(TraceId traceId, List<Integer> locations, long firstArrivalMillis, long lastArrivalMillis,
            int spanCount, long byteCount, int recordsBefore) {
        this(traceId, locations, firstArrivalMillis, lastArrivalMillis, spanCount, byteCount, recordsBefore, spanCount);
    }

    /** Where locations are stretches of offsets, the offset of the first span; 0 if there are no locations. */
    public long firstOffset() {
        return locations.isEmpty() ? 0 : OffsetLocations.firstOffset(locations.getFirst()) + recordsBefore;
    }

    /**
     * For all spans of an open trace. Of one that was handed over the duplicates that came before are stored, too, but
     * were not counted.
     */
    static FetchRequest of(TraceSummary trace, int spanCount) {
        return new FetchRequest(trace.traceId(), Arrays.stream(trace.locations()).boxed().toList(),
                trace.firstArrivalMillis(), trace.lastArrivalMillis(),
                trace.isHandedOver() ? UNKNOWN_SPAN_COUNT : spanCount, trace.byteCount(), trace.recordsBefore(),
                trace.spanCount());
    }

    /** The same where only some of the spans are looked for, or more are stored than were counted. */
    FetchRequest ofUnknownCount() {
        return new FetchRequest(traceId, locations, firstArrivalMillis, lastArrivalMillis, UNKNOWN_SPAN_COUNT,
                byteCount, recordsBefore, leastSpanCount);
    }

    /** For a decision of this cycle. */
    static FetchRequest of(DecidedTrace decided) {
        TraceSummary trace = decided.summary();
        return of(trace, spanCount(trace.spanCount(), decided.completion()));
    }

    /** For a decision from the ledger: the files are not known any more, the arrival times find them. */
    public static FetchRequest of(DecisionRecord logged) {
        TraceFacts trace = logged.trace();
        return new FetchRequest(trace.traceId(), List.of(), trace.firstArrivalMillis(), trace.lastArrivalMillis(),
                spanCount(trace.spanCount(), logged.completion()), trace.byteCount());
    }

    /** Between the arrivals of late spans there may be others, of the decision before. */
    private static int spanCount(int spanCount, CompletionReason completion) {
        return completion == CompletionReason.LATE_SPANS ? UNKNOWN_SPAN_COUNT : spanCount;
    }
}
