package dev.tailsampling.selector;

import dev.tailsampling.otlp.CompressedSpans;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.trace.OutgoingTraceState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies the spans of kept traces, giving each the tracestate that it leaves with, and joining similar ones if that is
 * wanted. Not thread-safe.
 */
public final class OutgoingSpans {

    private final OtlpSpans spans = new OtlpSpans();
    private final @Nullable CompressedSpans compression;
    private long malformed;

    /** All spans leave. */
    public OutgoingSpans() {
        this(null);
    }

    /** Spans leave as the compression makes them; all of them under null. */
    public OutgoingSpans(@Nullable CompressedSpans compression) {
        this.compression = compression;
    }

    /** The request in which the spans leave. */
    public byte[] of(byte[] original, OutgoingTraceState traceState) {
        malformed = 0;
        byte[] request = compression == null ? original : compression.of(original);
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

    /** Spans that left with the last request with a malformed tracestate, which stayed as it was. */
    public long malformed() {
        return malformed;
    }
}
