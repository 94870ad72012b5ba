package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.ScopeView;

/**
 * Walks over the spans of an {@code ExportTraceServiceRequest} (or {@code TracesData}, the same on the wire) without
 * building objects. Resource and scope are found first whatever the order of fields, as protobuf allows any order.
 *
 * <p>Reusable for many messages; not thread-safe.
 */
public final class OtlpSpans {

    /** Receives each span in turn. */
    @FunctionalInterface
    public interface Visitor {
        /** One span; the view is valid only during the call. */
        void span(WireSpan span);
    }

    private static final int NESTED = WireReader.LENGTH_DELIMITED;

    private final WireReader request = new WireReader();
    private final WireReader resourceSpans = new WireReader();
    private final WireReader scopeSpans = new WireReader();
    private final SharedAttributes resourceAttributes = new SharedAttributes(1);
    private final WireScope scopeView = new WireScope();
    private final WireSpan span = new WireSpan(this);

    final Slice resource = new Slice();
    final Slice resourceSchemaUrl = new Slice();
    final Slice scope = new Slice();
    final Slice scopeSchemaUrl = new Slice();

    /**
     * Visits every span of the message, in its order.
     *
     * @return the number of spans
     * @throws MalformedOtlpException if the bytes are not OTLP, or a span has no valid ids; spans before the defect
     *     have been visited
     */
    public int forEach(byte[] message, int offset, int length, Visitor visitor) {
        int count = 0;
        request.reset(message, offset, length);
        while (request.hasMore()) {
            int tag = request.tag();
            if (tag == (1 << 3 | NESTED)) {
                int size = request.length();
                int start = request.position();
                request.advance(size);
                count += visitResourceSpans(message, start, size, visitor);
            } else {
                request.skip(tag);
            }
        }
        return count;
    }

    private int visitResourceSpans(byte[] message, int start, int size, Visitor visitor) {
        resource.clear();
        resourceSchemaUrl.clear();
        findContext(resourceSpans.reset(message, start, size), resource, resourceSchemaUrl);
        resourceAttributes.pointAt(resource);
        int count = 0;
        resourceSpans.reset(message, start, size);
        while (resourceSpans.hasMore()) {
            int tag = resourceSpans.tag();
            if (tag == (2 << 3 | NESTED)) {
                int scopeSize = resourceSpans.length();
                int scopeStart = resourceSpans.position();
                resourceSpans.advance(scopeSize);
                count += visitScopeSpans(message, scopeStart, scopeSize, visitor);
            } else {
                resourceSpans.skip(tag);
            }
        }
        return count;
    }

    private int visitScopeSpans(byte[] message, int start, int size, Visitor visitor) {
        scope.clear();
        scopeSchemaUrl.clear();
        findContext(scopeSpans.reset(message, start, size), scope, scopeSchemaUrl);
        scopeView.pointAt(scope);
        int count = 0;
        scopeSpans.reset(message, start, size);
        while (scopeSpans.hasMore()) {
            int tag = scopeSpans.tag();
            if (tag == (2 << 3 | NESTED)) {
                int spanSize = scopeSpans.length();
                int spanStart = scopeSpans.position();
                scopeSpans.advance(spanSize);
                span.read(message, spanStart, spanSize);
                visitor.span(span);
                count++;
            } else {
                scopeSpans.skip(tag);
            }
        }
        return count;
    }

    /** Field 1 is the resource or scope, field 3 the schema URL, in ResourceSpans and ScopeSpans alike. */
    static void findContext(WireReader reader, Slice shared, Slice schemaUrl) {
        while (reader.hasMore()) {
            int tag = reader.tag();
            if (tag == (1 << 3 | NESTED) || tag == (3 << 3 | NESTED)) {
                int size = reader.length();
                if (tag >>> 3 == 1) {
                    shared.merge(reader.bytes(), reader.position(), size);
                } else {
                    schemaUrl.set(reader.bytes(), reader.position(), size);
                }
                reader.advance(size);
            } else {
                reader.skip(tag);
            }
        }
    }

    /** A number that changes with every scope that is entered, so with every resource, too. */
    long contextGeneration() {
        return scopeView.attributes().generation();
    }

    AttributesView resourceAttributes() {
        return resourceAttributes;
    }

    ScopeView scopeView() {
        return scopeView;
    }
}
