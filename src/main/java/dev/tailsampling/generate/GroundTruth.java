package dev.tailsampling.generate;

import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TraceId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What has been sent of every trace, counted by the generator itself and not read back from bytes, for tests to compare
 * with. Complete once the generator is exhausted. Needs memory for every trace. Not thread-safe.
 */
public final class GroundTruth {

    /**
     * One trace.
     *
     * @param spans distinct spans
     * @param spansSent spans with those in messages that are sent twice counted twice
     * @param startNanos least start, nanoseconds since the epoch
     * @param endNanos greatest end, nanoseconds since the epoch
     * @param errorSpans distinct spans whose status is an error
     */
    public record Trace(int spans, int spansSent, long startNanos, long endNanos, int errorSpans) {

        /** Whether any span's status is an error. */
        public boolean isError() {
            return errorSpans > 0;
        }

        private Trace plus(Trace other) {
            return new Trace(spans + other.spans, spansSent + other.spansSent, Math.min(startNanos, other.startNanos),
                    Math.max(endNanos, other.endNanos), errorSpans + other.errorSpans);
        }
    }

    private final Map<TraceId, Trace> traces = new LinkedHashMap<>();

    /** Every trace seen so far, in the order of their first messages. */
    public Map<TraceId, Trace> traces() {
        return Collections.unmodifiableMap(traces);
    }

    void add(PlannedSpan span, int timesSent) {
        Trace one =
                new Trace(1, timesSent, span.startNanos(), span.endNanos(), span.status() == StatusCode.ERROR ? 1 : 0);
        traces.merge(span.trace().id(), one, Trace::plus);
    }
}
