package dev.tailsampling.selector;

import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.trace.OutgoingTraceState;
import java.util.Objects;

/** Copies the spans of kept traces, giving each the tracestate that it leaves with. Not thread-safe. */
public final class OutgoingSpans {

    private final OtlpSpans spans = new OtlpSpans();
    private long malformed;

    /** The request in which the spans leave. */
    public byte[] of(byte[] request, OutgoingTraceState traceState) {
        malformed = 0;
        // A trace may be large: its buffer is neither kept nor grown by doubling.
        TraceBytes copies = new TraceBytes(request.length + request.length / 8);
        spans.forEach(request, 0, request.length, span -> copy(span, traceState, copies));
        return Objects.requireNonNullElse(copies.take(), request);
    }

    private void copy(WireSpan span, OutgoingTraceState traceState, TraceBytes copies) {
        String incoming = Objects.requireNonNullElse(span.traceState(), "");
        String outgoing = traceState.of(incoming);
        if (outgoing == null) {
            malformed++;
        }
        if (outgoing == null || outgoing.equals(incoming)) {
            copies.add(span);
        } else {
            copies.add(span, outgoing);
        }
    }

    /** Spans of the last request whose tracestate is malformed and stayed as it was. */
    public long malformed() {
        return malformed;
    }
}
