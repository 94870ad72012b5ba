package dev.tailsampling.trace;

import org.jspecify.annotations.Nullable;

/** A link from a span to another span; a cursor like {@link SpanView}. */
public interface LinkView {

    /** Bytes 0–7 of the linked trace's id, big-endian. */
    long traceIdHigh();

    /** Bytes 8–15 of the linked trace's id, big-endian. */
    long traceIdLow();

    /** The linked span's id, big-endian. */
    long spanId();

    /** W3C tracestate of the linked span, null when empty. */
    @Nullable
    String traceState();

    /** The link's attributes. */
    AttributesView attributes();
}
