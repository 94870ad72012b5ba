package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.StatusCode;
import java.nio.charset.StandardCharsets;

/**
 * Encodes one span at a time, with its resource and scope, from pieces of UTF-8 as tables hold them, and shows it as a
 * {@link WireSpan}. To be called in the order of OTLP's messages: {@link #beginResource}, {@link #beginScope},
 * {@link #beginSpan}, then the span's fields, its events and links, and {@link #finish}. An attribute belongs to what was
 * begun last. Reusable; not thread-safe.
 */
public final class SpanEncoder {

    private static final int INITIAL_CAPACITY = 4096;
    private static final int VALUE = 2;
    private static final int RESOURCE_ATTRIBUTES = 1;
    private static final int SCOPE_ATTRIBUTES = 3;
    private static final int SPAN_ATTRIBUTES = 9;
    private static final int EVENT_ATTRIBUTES = 3;
    private static final int LINK_ATTRIBUTES = 4;

    private final WireWriter writer = new WireWriter(INITIAL_CAPACITY);
    private final OtlpSpans spans = new OtlpSpans();
    private int resourceSpans;
    private int scopeSpans;
    private int span;
    /** The resource or the scope. */
    private int shared;
    private int item;
    private int attributesField;

    /** Begins the resource of another span. */
    public void beginResource() {
        writer.clear();
        resourceSpans = writer.begin(1);
        shared = writer.begin(1);
        attributesField = RESOURCE_ATTRIBUTES;
    }

    /** Begins the scope. */
    public void beginScope() {
        writer.end(shared);
        scopeSpans = writer.begin(2);
        shared = writer.begin(1);
        attributesField = SCOPE_ATTRIBUTES;
    }

    /** Name of the scope, left out if empty. */
    public void scopeName(byte[] utf8, int offset, int length) {
        text(1, utf8, offset, length);
    }

    /** Version of the scope, left out if empty. */
    public void scopeVersion(byte[] utf8, int offset, int length) {
        text(2, utf8, offset, length);
    }

    /** Begins the span. Ids of 0 are left out, but for the trace's. */
    public void beginSpan(long traceIdHigh, long traceIdLow, long spanId) {
        writer.end(shared);
        span = writer.begin(2);
        writer.traceId(1, traceIdHigh, traceIdLow);
        if (spanId != 0) {
            writer.spanId(2, spanId);
        }
        attributesField = SPAN_ATTRIBUTES;
    }

    /** W3C tracestate of the span or link, left out if empty. */
    public void traceState(byte[] utf8, int offset, int length) {
        text(3, utf8, offset, length);
    }

    /** The parent's span id; 0, for a root span, is left out. */
    public void parentSpanId(long parentSpanId) {
        if (parentSpanId != 0) {
            writer.spanId(4, parentSpanId);
        }
    }

    /** The span's name, left out if empty. */
    public void name(byte[] utf8, int offset, int length) {
        text(5, utf8, offset, length);
    }

    /** The kind's number; 0 is left out. */
    public void kind(int number) {
        number(6, number);
    }

    /** Start and end in nanoseconds since the epoch; 0 is left out. */
    public void times(long startUnixNano, long endUnixNano) {
        time(7, startUnixNano);
        time(8, endUnixNano);
    }

    /** How many attributes the sender left out; 0 is left out. */
    public void droppedAttributesCount(long count) {
        number(attributesField + 1, count);
    }

    /** How many events the sender left out; to follow the events, and 0 is left out. */
    public void droppedEventsCount(long count) {
        number(12, count);
    }

    /** How many links the sender left out; to follow the links, and 0 is left out. */
    public void droppedLinksCount(long count) {
        number(14, count);
    }

    /** Status of the span, to follow events and links; left out if there is nothing to say. */
    public void status(StatusCode code, byte[] message, int offset, int length) {
        if (code != StatusCode.UNSET || length > 0) {
            int mark = writer.begin(15);
            text(2, message, offset, length);
            number(3, code.ordinal());
            writer.end(mark);
        }
    }

    /** Flags of the span, to follow everything else; 0 is left out. */
    public void flags(int flags) {
        if (flags != 0) {
            writer.fixed32(16, flags);
        }
    }

    /** Begins an event, at a time in nanoseconds since the epoch. */
    public void beginEvent(long timeUnixNano) {
        item = writer.begin(11);
        time(1, timeUnixNano);
        attributesField = EVENT_ATTRIBUTES;
    }

    /** Name of the event, left out if empty. */
    public void eventName(byte[] utf8, int offset, int length) {
        text(2, utf8, offset, length);
    }

    /** Begins a link to a span. */
    public void beginLink(long traceIdHigh, long traceIdLow, long spanId) {
        item = writer.begin(13);
        writer.traceId(1, traceIdHigh, traceIdLow);
        if (spanId != 0) {
            writer.spanId(2, spanId);
        }
        attributesField = LINK_ATTRIBUTES;
    }

    /** Flags of the link; 0 is left out. */
    public void linkFlags(int flags) {
        if (flags != 0) {
            writer.fixed32(6, flags);
        }
    }

    /** Ends the event or link. */
    public void endItem() {
        writer.end(item);
        attributesField = SPAN_ATTRIBUTES;
    }

    /** An attribute that is a string, key and value in UTF-8. */
    public void attribute(byte[] key, int keyOffset, int keyLength, byte[] value, int offset, int length) {
        int attribute = writer.begin(attributesField);
        text(1, key, keyOffset, keyLength);
        int anyValue = writer.begin(VALUE);
        writer.bytes(1, value, offset, length);
        writer.end(anyValue);
        writer.end(attribute);
    }

    /** An attribute with its key in UTF-8. */
    public void attribute(byte[] key, int keyOffset, int keyLength, AttributeValue value) {
        int attribute = writer.begin(attributesField);
        text(1, key, keyOffset, keyLength);
        AnyValueWriter.write(writer, VALUE, value);
        writer.end(attribute);
    }

    /** An attribute. */
    public void attribute(String key, AttributeValue value) {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        attribute(utf8, 0, utf8.length, value);
    }

    /** Ends the span and shows it; the view is valid during the call only. */
    public void finish(OtlpSpans.Visitor visitor) {
        writer.end(span);
        writer.end(scopeSpans);
        writer.end(resourceSpans);
        spans.forEach(writer.bytes(), 0, writer.size(), visitor);
    }

    private void text(int field, byte[] utf8, int offset, int length) {
        if (length > 0) {
            writer.bytes(field, utf8, offset, length);
        }
    }

    private void number(int field, long number) {
        if (number != 0) {
            writer.varint(field, number);
        }
    }

    private void time(int field, long unixNano) {
        if (unixNano != 0) {
            writer.fixed64(field, unixNano);
        }
    }
}
