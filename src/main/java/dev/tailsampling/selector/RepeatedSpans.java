package dev.tailsampling.selector;

import dev.tailsampling.assembly.SeenSpans;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells spans of open traces that come again, as a producer sends them that got no answer: of the same trace, id, kind and
 * start. Not thread-safe.
 */
final class RepeatedSpans {

    /** Null if nobody looks. */
    private final @Nullable SeenSpans seen;
    private final Set<TraceId> traces = new HashSet<>();
    private long repeated;

    private RepeatedSpans(@Nullable SeenSpans seen) {
        this.seen = seen;
    }

    /** Looks at every span, with so much memory. */
    static RepeatedSpans within(long maxBytes) {
        return new RepeatedSpans(new SeenSpans(maxBytes));
    }

    /** Takes every span for a new one. */
    static RepeatedSpans ignored() {
        return new RepeatedSpans(null);
    }

    /** Whether the span was there before; to be asked once for each. */
    boolean isRepeated(SpanView span) {
        if (seen == null || seen.add(span.traceIdHigh(), span.traceIdLow(), span.spanId(), span.kind().ordinal(),
                span.startUnixNano())) {
            return false;
        }
        repeated++;
        traces.add(span.traceId());
        return true;
    }

    /** How many came again since this was last asked. */
    long takeCount() {
        long count = repeated;
        repeated = 0;
        return count;
    }

    /** Whether more spans are stored of the trace than are counted. */
    boolean areIn(TraceId traceId) {
        return traces.contains(traceId);
    }

    /** No more spans of the trace are looked at. */
    void forgetSpans(TraceSummary trace) {
        if (seen != null) {
            seen.forget(trace.traceIdHigh(), trace.traceIdLow());
        }
    }

    /** The trace is over. */
    void forget(TraceSummary trace) {
        traces.remove(trace.traceId());
    }

    /** Forgets all. */
    void clear() {
        if (seen != null) {
            seen.clear();
        }
        traces.clear();
    }
}
