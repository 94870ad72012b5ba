package dev.tailsampling.lake;

import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.SpanColumns;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.EventView;
import dev.tailsampling.trace.LinkView;
import dev.tailsampling.trace.ScopeView;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The span in the current row of a row group. Columns are read when they are asked for. Not thread-safe. */
final class SpanRow implements SpanView {

    private final IdColumn traceIds;
    private final IdColumn spanIds;
    private final IdColumn parentSpanIds;
    private final SpanTimes times;
    private final TextColumn traceStates;
    private final NumberColumn flags;
    private final TextColumn names;
    private final EnumColumn kinds;
    private final EnumColumn statusCodes;
    private final TextColumn statusMessages;
    private final ColumnAttributes resource;
    private final ScopeRow scope;
    private final ColumnAttributes attributes;
    private final NumberColumn droppedAttributes;
    private final NumberColumn droppedEvents;
    private final NumberColumn droppedLinks;
    private final EventItems events;
    private final LinkItems links;
    private final boolean countsEvents;
    private final boolean countsLinks;
    private final boolean measures;
    private final int estimatedSize;
    private final SpanEncoder encoder;

    /**
     * Of a row group.
     *
     * @param fields which parts are asked for
     * @param estimatedSize about how many bytes a span has
     */
    SpanRow(BoundLayout.Spans layout, ColumnFinder columns, Set<SpanField> fields, int estimatedSize,
            SpanEncoder encoder) {
        SpanColumns mapping = layout.columns();
        traceIds = columns.id(mapping.traceId());
        spanIds = columns.id(mapping.spanId());
        parentSpanIds = columns.id(mapping.parentSpanId());
        BoundLayout.Arrival arrival = layout.row().arrival();
        times = new SpanTimes(columns.time(mapping.times().start()), columns.time(mapping.times().end()),
                columns.time(mapping.times().duration()), columns.leaf(arrival == null ? null : arrival.column(),
                        arrival == null ? EpochUnit.MS : arrival.unit()));
        traceStates = columns.text(mapping.traceState());
        flags = columns.number(mapping.flags());
        names = columns.text(mapping.name());
        kinds = columns.names(mapping.kind(), name -> number(SpanKind.ofName(name)));
        statusCodes = columns.names(mapping.statusCode(), name -> number(StatusCode.ofName(name)));
        statusMessages = columns.text(mapping.statusMessage());
        resource = new ServiceResource(columns.text(mapping.serviceName()),
                columns.attributes(mapping.resourceAttributes()));
        scope = new ScopeRow(columns.text(mapping.scope().name()), columns.text(mapping.scope().version()),
                columns.attributes(mapping.scope().attributes()));
        attributes = columns.attributes(mapping.spanAttributes());
        droppedAttributes = columns.number(mapping.dropped().attributes());
        droppedEvents = columns.number(mapping.dropped().events());
        droppedLinks = columns.number(mapping.dropped().links());
        events = columns.events(mapping.events());
        links = columns.links(mapping.links());
        countsEvents = fields.contains(SpanField.EVENTS);
        countsLinks = fields.contains(SpanField.LINKS);
        measures = fields.contains(SpanField.ENCODED_SIZE);
        this.estimatedSize = estimatedSize;
        this.encoder = encoder;
    }

    private static int number(@Nullable Enum<?> known) {
        return known == null ? 0 : known.ordinal();
    }

    /** Reads the trace id; false if there is none. */
    boolean readTraceId() {
        return traceIds.read() && (traceIds.high() | traceIds.low()) != 0;
    }

    /** Reads the parent's id; false if it cannot be read. */
    boolean readParent() {
        return parentSpanIds.read();
    }

    /** Reads the times. */
    void readTimes() {
        times.read();
    }

    /** When the row arrived, milliseconds since the epoch, after {@link #readTimes}. */
    long arrivalMillis() {
        return times.arrivalMillis();
    }

    /** Encodes the span and shows it, all of it. */
    void encode(OtlpSpans.Visitor visitor) {
        encoder.beginResource();
        resource.writeTo(encoder, null);
        encoder.beginScope();
        scope.writeTo(encoder);
        encoder.beginSpan(traceIdHigh(), traceIdLow(), spanId());
        traceStates.utf8(encoder::traceState);
        encoder.parentSpanId(parentSpanId());
        names.utf8(encoder::name);
        encoder.kind(kinds.value());
        encoder.times(startUnixNano(), endUnixNano());
        attributes.writeTo(encoder, null);
        encoder.droppedAttributesCount(droppedAttributesCount());
        events.writeTo(encoder);
        encoder.droppedEventsCount(droppedEventsCount());
        links.writeTo(encoder);
        encoder.droppedLinksCount(droppedLinksCount());
        StatusCode status = status();
        statusMessages.utf8((text, offset, length) -> encoder.status(status, text, offset, length));
        encoder.flags(flags());
        encoder.finish(visitor);
    }

    @Override
    public long traceIdHigh() {
        return traceIds.high();
    }

    @Override
    public long traceIdLow() {
        return traceIds.low();
    }

    /** An id that cannot be read counts as 0. */
    @Override
    public long spanId() {
        spanIds.read();
        return spanIds.low();
    }

    @Override
    public long parentSpanId() {
        return parentSpanIds.low();
    }

    @Override
    public long startUnixNano() {
        return times.startUnixNano();
    }

    @Override
    public long endUnixNano() {
        return times.endUnixNano();
    }

    @Override
    public StatusCode status() {
        return StatusCode.ofNumber(statusCodes.value());
    }

    @Override
    public String statusMessage() {
        return statusMessages.value();
    }

    @Override
    public SpanKind kind() {
        return SpanKind.ofNumber(kinds.value());
    }

    @Override
    public int flags() {
        return (int) flags.value();
    }

    @Override
    public String name() {
        return names.value();
    }

    @Override
    public @Nullable String traceState() {
        return traceStates.isEmpty() ? null : traceStates.value();
    }

    @Override
    public int encodedSize() {
        if (!measures) {
            return estimatedSize;
        }
        int[] size = new int[1];
        encode(span -> size[0] = span.encodedSize());
        return size[0];
    }

    @Override
    public AttributesView attributes() {
        return attributes;
    }

    @Override
    public AttributesView resource() {
        return resource;
    }

    @Override
    public ScopeView scope() {
        return scope;
    }

    @Override
    public int eventCount() {
        return countsEvents ? events.count() : 0;
    }

    @Override
    public int linkCount() {
        return countsLinks ? links.count() : 0;
    }

    @Override
    public long droppedAttributesCount() {
        return Integer.toUnsignedLong((int) droppedAttributes.value());
    }

    @Override
    public long droppedEventsCount() {
        return Integer.toUnsignedLong((int) droppedEvents.value());
    }

    @Override
    public long droppedLinksCount() {
        return Integer.toUnsignedLong((int) droppedLinks.value());
    }

    @Override
    public boolean anyEvent(Predicate<EventView> test) {
        return events.any(test);
    }

    @Override
    public boolean anyLink(Predicate<LinkView> test) {
        return links.any(test);
    }
}
