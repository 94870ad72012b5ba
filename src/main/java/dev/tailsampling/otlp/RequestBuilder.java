package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.StatusCode;

/**
 * Encodes spans straight into an {@code ExportTraceServiceRequest}. What is begun stays open until something of its
 * rank or above is begun: a resource holds scopes, a scope spans, a span events and links. {@link #attribute} adds to what was
 * begun last, and a span's fields are set before its first event or link.
 *
 * <p>Every method but {@link #take} and {@link #size} returns this builder, and throws {@link IllegalStateException}
 * where what it sets has no place. Reusable; not thread-safe.
 */
public final class RequestBuilder {

    /** What was begun last, in the order of ranks. */
    private enum Part {
        NOTHING(0), RESOURCE(1), SCOPE(3), SPAN(9), EVENT(3), LINK(4);

        /** Number of the field that holds the part's attributes. */
        private final int attributesField;

        Part(int attributesField) {
            this.attributesField = attributesField;
        }
    }

    private static final int INITIAL_CAPACITY = 4096;
    /** ResourceSpans, ScopeSpans, Span, Event or Link. */
    private static final int MAX_OPEN = 4;

    private final WireWriter writer = new WireWriter(INITIAL_CAPACITY);
    private final int[] marks = new int[MAX_OPEN];
    private int open;
    private Part part = Part.NOTHING;

    /** Begins a resource. */
    public RequestBuilder beginResource() {
        closeDownTo(0);
        open(1);
        open(1);
        part = Part.RESOURCE;
        return this;
    }

    /**
     * Begins an instrumentation scope of the resource.
     *
     * @param version left out if empty
     */
    public RequestBuilder beginScope(String name, String version) {
        require(part != Part.NOTHING, "a scope needs a resource");
        closeDownTo(1);
        open(2);
        open(1);
        writer.string(1, name);
        if (!version.isEmpty()) {
            writer.string(2, version);
        }
        part = Part.SCOPE;
        return this;
    }

    /** Begins a span of the scope. */
    public RequestBuilder beginSpan(long traceIdHigh, long traceIdLow, long spanId) {
        require(part.compareTo(Part.SCOPE) >= 0, "a span needs a scope");
        closeDownTo(2);
        open(2);
        writer.traceId(1, traceIdHigh, traceIdLow);
        writer.spanId(2, spanId);
        part = Part.SPAN;
        return this;
    }

    /** The span's parent; 0, for a root span, is left out. */
    public RequestBuilder parentSpanId(long parentSpanId) {
        requireSpan();
        if (parentSpanId != 0) {
            writer.spanId(4, parentSpanId);
        }
        return this;
    }

    /** W3C tracestate of the span. */
    public RequestBuilder traceState(String traceState) {
        requireSpan();
        writer.string(3, traceState);
        return this;
    }

    /** The span's flags: W3C trace flags in the lowest byte. */
    public RequestBuilder flags(int flags) {
        requireSpan();
        writer.fixed32(16, flags);
        return this;
    }

    /** The span's name. */
    public RequestBuilder name(String name) {
        requireSpan();
        writer.string(5, name);
        return this;
    }

    /** The span's kind, by its number in OTLP: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
    public RequestBuilder kind(int kind) {
        requireSpan();
        writer.varint(6, kind);
        return this;
    }

    /** Start and end of the span, in nanoseconds since the epoch. */
    public RequestBuilder times(long startUnixNano, long endUnixNano) {
        requireSpan();
        writer.fixed64(7, startUnixNano);
        writer.fixed64(8, endUnixNano);
        return this;
    }

    /**
     * The span's status.
     *
     * @param message left out if empty
     */
    public RequestBuilder status(StatusCode code, String message) {
        requireSpan();
        int mark = writer.begin(15);
        if (!message.isEmpty()) {
            writer.string(2, message);
        }
        writer.varint(3, code.ordinal());
        writer.end(mark);
        return this;
    }

    /** Begins an event of the span, at a time in nanoseconds since the epoch. */
    public RequestBuilder event(String name, long timeUnixNano) {
        require(part.compareTo(Part.SPAN) >= 0, "an event needs a span");
        closeDownTo(3);
        open(11);
        writer.fixed64(1, timeUnixNano);
        writer.string(2, name);
        part = Part.EVENT;
        return this;
    }

    /**
     * Begins a link of the span to another one.
     *
     * @param traceState W3C tracestate of the other one, left out if empty
     */
    public RequestBuilder link(long traceIdHigh, long traceIdLow, long spanId, String traceState) {
        require(part.compareTo(Part.SPAN) >= 0, "a link needs a span");
        closeDownTo(3);
        open(13);
        writer.traceId(1, traceIdHigh, traceIdLow);
        writer.spanId(2, spanId);
        if (!traceState.isEmpty()) {
            writer.string(3, traceState);
        }
        part = Part.LINK;
        return this;
    }

    /** An attribute of any type of what was begun last. */
    public RequestBuilder attribute(String key, AttributeValue value) {
        int attribute = beginAttribute(key);
        AnyValueWriter.write(writer, 2, value);
        writer.end(attribute);
        return this;
    }

    /** A string attribute of what was begun last. */
    public RequestBuilder attribute(String key, String value) {
        int attribute = beginAttribute(key);
        int anyValue = writer.begin(2);
        writer.string(1, value);
        return endAttribute(anyValue, attribute);
    }

    /** A boolean attribute of what was begun last. */
    public RequestBuilder attribute(String key, boolean value) {
        int attribute = beginAttribute(key);
        int anyValue = writer.begin(2);
        writer.varint(2, value ? 1 : 0);
        return endAttribute(anyValue, attribute);
    }

    /** An integer attribute of what was begun last. */
    public RequestBuilder attribute(String key, long value) {
        int attribute = beginAttribute(key);
        int anyValue = writer.begin(2);
        writer.varint(3, value);
        return endAttribute(anyValue, attribute);
    }

    /** A double attribute of what was begun last. */
    public RequestBuilder attribute(String key, double value) {
        int attribute = beginAttribute(key);
        int anyValue = writer.begin(2);
        writer.fixed64(4, Double.doubleToRawLongBits(value));
        return endAttribute(anyValue, attribute);
    }

    /** Bytes of the request so far, within a few. */
    public int size() {
        return writer.size();
    }

    /** The request; the builder is empty afterwards. */
    public byte[] take() {
        closeDownTo(0);
        part = Part.NOTHING;
        byte[] request = writer.toByteArray();
        writer.clear();
        return request;
    }

    private int beginAttribute(String key) {
        require(part != Part.NOTHING, "an attribute needs a resource");
        int attribute = writer.begin(part.attributesField);
        writer.string(1, key);
        return attribute;
    }

    private RequestBuilder endAttribute(int anyValue, int attribute) {
        writer.end(anyValue);
        writer.end(attribute);
        return this;
    }

    private void open(int field) {
        marks[open++] = writer.begin(field);
    }

    private void closeDownTo(int rank) {
        while (open > rank) {
            writer.end(marks[--open]);
        }
    }

    private void requireSpan() {
        require(part == Part.SPAN, "this is a field of a span and comes before its events and links");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
