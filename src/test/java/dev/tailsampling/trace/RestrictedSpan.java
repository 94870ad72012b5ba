package dev.tailsampling.trace;

import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A span read from columns of which only some were asked for, by the letter of {@link SpanField}: what was not asked for
 * may not be looked at, but for the counts that are 0 then and the size that is an estimate.
 */
public record RestrictedSpan(SpanView span, Set<SpanField> fields) implements SpanView {

    private static final int ESTIMATE = 1;
    private static final AttributeKey SERVICE_NAME = AttributeKey.of("service.name");

    private void require(SpanField field) {
        if (!fields.contains(field)) {
            throw new AssertionError(field + " is looked at, but only " + fields + " were asked for");
        }
    }

    @Override
    public long traceIdHigh() {
        return span.traceIdHigh();
    }

    @Override
    public long traceIdLow() {
        return span.traceIdLow();
    }

    @Override
    public long spanId() {
        return span.spanId();
    }

    @Override
    public long parentSpanId() {
        return span.parentSpanId();
    }

    @Override
    public long startUnixNano() {
        return span.startUnixNano();
    }

    @Override
    public long endUnixNano() {
        return span.endUnixNano();
    }

    @Override
    public StatusCode status() {
        return span.status();
    }

    @Override
    public @Nullable String traceState() {
        return span.traceState();
    }

    @Override
    public String name() {
        if (!isRoot()) {
            require(SpanField.NAME);
        }
        return span.name();
    }

    @Override
    public SpanKind kind() {
        require(SpanField.KIND);
        return span.kind();
    }

    @Override
    public String statusMessage() {
        require(SpanField.STATUS_MESSAGE);
        return span.statusMessage();
    }

    @Override
    public int flags() {
        require(SpanField.FLAGS);
        return span.flags();
    }

    @Override
    public AttributesView attributes() {
        require(SpanField.SPAN_ATTRIBUTES);
        return span.attributes();
    }

    @Override
    public AttributesView resource() {
        if (fields.contains(SpanField.RESOURCE_ATTRIBUTES)) {
            return span.resource();
        }
        if (!isRoot()) {
            require(SpanField.RESOURCE_ATTRIBUTES);
        }
        return new ServiceOnly(span.resource());
    }

    private record ServiceOnly(AttributesView resource) implements AttributesView {
        @Override
        public @Nullable AttributeValue get(AttributeKey key) {
            if (!key.equals(SERVICE_NAME)) {
                throw new AssertionError("resource attribute " + key + " is looked at, but was not asked for");
            }
            return resource.get(key);
        }

        @Override
        public int size() {
            throw new AssertionError("resource attributes are counted, but were not asked for");
        }
    }

    @Override
    public ScopeView scope() {
        require(SpanField.SCOPE);
        return span.scope();
    }

    @Override
    public int encodedSize() {
        return fields.contains(SpanField.ENCODED_SIZE) ? span.encodedSize() : ESTIMATE;
    }

    @Override
    public int eventCount() {
        return fields.contains(SpanField.EVENTS) ? span.eventCount() : 0;
    }

    @Override
    public int linkCount() {
        return fields.contains(SpanField.LINKS) ? span.linkCount() : 0;
    }

    @Override
    public boolean anyEvent(Predicate<EventView> test) {
        require(SpanField.EVENTS);
        return span.anyEvent(test);
    }

    @Override
    public boolean anyLink(Predicate<LinkView> test) {
        require(SpanField.LINKS);
        return span.anyLink(test);
    }

    @Override
    public long droppedAttributesCount() {
        require(SpanField.DROPPED_COUNTS);
        return span.droppedAttributesCount();
    }

    @Override
    public long droppedEventsCount() {
        require(SpanField.DROPPED_COUNTS);
        return span.droppedEventsCount();
    }

    @Override
    public long droppedLinksCount() {
        require(SpanField.DROPPED_COUNTS);
        return span.droppedLinksCount();
    }
}
