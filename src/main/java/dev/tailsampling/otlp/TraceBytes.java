package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects spans into one {@code ExportTraceServiceRequest} by copying their bytes, with their resource, scope and
 * schema URLs; nothing changes but a tracestate that is replaced. Neighbouring spans of equal resource and scope share one {@code ResourceSpans}. Concatenating
 * two results is again a request, since protobuf appends repeated fields.
 *
 * <p>Holds on to no message that it was given. Not thread-safe.
 */
public final class TraceBytes {

    private static final int INITIAL_CAPACITY = 512;
    /** Number of the spans' field in ScopeSpans. */
    private static final int SPAN = 2;

    private final WireWriter writer;
    private final Group resource = new Group(1);
    private final Group scope = new Group(2);
    private int spanCount;

    /** A collector for a request of any size. */
    public TraceBytes() {
        this(INITIAL_CAPACITY);
    }

    /** A collector for a request of about this size in bytes. */
    public TraceBytes(int expectedSize) {
        writer = new WireWriter(expectedSize);
    }

    /** Appends a copy of the span that the view stands on. */
    public void add(WireSpan span) {
        beginSpan(span);
        writer.bytes(SPAN, span.bytes(), span.offset(), span.encodedSize());
    }

    /** The same with another tracestate, empty for none. */
    public void add(WireSpan span, String traceState) {
        add(span, target -> span.writeTo(target, traceState));
    }

    /** The same with an integer attribute, in the place of any that the span has under its key. */
    public void add(WireSpan span, AttributeKey key, long value) {
        add(span, target -> span.writeTo(target, key, value));
    }

    /** The same with whatever fields are written. */
    void add(WireSpan span, Consumer<WireWriter> fields) {
        beginSpan(span);
        int mark = writer.begin(SPAN);
        fields.accept(writer);
        writer.end(mark);
    }

    /** Appends a copy of a span that was kept. */
    public void add(StoredSpan span) {
        beginSpan(span.resource, span.resourceSchemaUrl, span.scope, span.scopeSchemaUrl);
        span.content.writeTo(writer, SPAN);
    }

    private void beginSpan(WireSpan span) {
        OtlpSpans context = span.context();
        beginSpan(context.resource, context.resourceSchemaUrl, context.scope, context.scopeSchemaUrl);
    }

    private void beginSpan(Slice itsResource, Slice resourceSchemaUrl, Slice itsScope, Slice scopeSchemaUrl) {
        if (!resource.continues(itsResource, resourceSchemaUrl)) {
            scope.close();
            resource.close();
            resource.open(itsResource, resourceSchemaUrl);
        }
        if (!scope.continues(itsScope, scopeSchemaUrl)) {
            scope.close();
            scope.open(itsScope, scopeSchemaUrl);
        }
        spanCount++;
    }

    /** Spans added since the last {@link #take}. */
    public int spanCount() {
        return spanCount;
    }

    /** Bytes collected since the last {@link #take}, within a few bytes. */
    public int size() {
        return writer.size();
    }

    /** The request collected so far, or null if no span was added; the collector is empty afterwards. */
    public byte @Nullable [] take() {
        if (spanCount == 0) {
            return null;
        }
        scope.close();
        resource.close();
        byte[] request = writer.toByteArray();
        writer.clear();
        spanCount = 0;
        return request;
    }

    /**
     * The ResourceSpans or ScopeSpans being written: field 1 holds what its spans share, field 3 the schema URL. What
     * was shared last is compared with the copy in the writer, which stays in place until the group is closed.
     */
    private final class Group {

        private final int field;
        private int mark = -1;
        private int sharedOffset;
        private int sharedLength;
        private int urlOffset;
        private int urlLength;

        Group(int field) {
            this.field = field;
        }

        boolean continues(Slice shared, Slice schemaUrl) {
            return mark >= 0 && writer.sameContent(shared, sharedOffset, sharedLength)
                    && writer.sameContent(schemaUrl, urlOffset, urlLength);
        }

        void open(Slice shared, Slice schemaUrl) {
            mark = writer.begin(field);
            shared.writeTo(writer, 1);
            sharedLength = shared.length();
            sharedOffset = writer.size() - sharedLength;
            schemaUrl.writeTo(writer, 3);
            urlLength = schemaUrl.length();
            urlOffset = writer.size() - urlLength;
        }

        void close() {
            if (mark >= 0) {
                writer.end(mark);
                mark = -1;
            }
        }
    }
}
