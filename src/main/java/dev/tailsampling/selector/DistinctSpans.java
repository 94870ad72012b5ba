package dev.tailsampling.selector;

import dev.tailsampling.assembly.SeenSpans;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;

/**
 * Tells spans that come twice in one fetch, as {@link SeenSpans} does. Its memory is bounded: spans beyond that are taken
 * as new. Not thread-safe.
 */
final class DistinctSpans {

    private static final long MAX_BYTES = 16L << 20;

    private final SeenSpans seen = new SeenSpans(MAX_BYTES);
    private final OtlpSpans spans = new OtlpSpans();
    private boolean forgetful;

    /** Notes the spans of a request, and passes on those that had not come before. */
    void forEachNew(byte[] otlp, OtlpSpans.Visitor visitor) {
        spans.forEach(otlp, 0, otlp.length, span -> {
            if (isNew(span)) {
                visitor.span(span);
            }
        });
        forgetful |= seen.takeUncheckedSpans() > 0;
    }

    /** Passes on what is new of a part of a trace; nothing, if nothing is. */
    void passOn(TraceId traceId, byte[] otlp, int spanCount, SpanFetcher.Receiver receiver) {
        TraceBytes distinct = new TraceBytes(otlp.length);
        forEachNew(otlp, distinct::add);
        int newSpans = distinct.spanCount();
        byte[] copy = distinct.take();
        if (copy != null) {
            receiver.spans(traceId, newSpans == spanCount ? otlp : copy, newSpans);
        }
    }

    /** Whether memory was too small for some spans: they would be taken as new if they came again. */
    boolean isForgetful() {
        return forgetful;
    }

    private boolean isNew(SpanView span) {
        return seen.add(span.traceIdHigh(), span.traceIdLow(), span.spanId(), span.kind().ordinal(),
                span.startUnixNano());
    }
}
