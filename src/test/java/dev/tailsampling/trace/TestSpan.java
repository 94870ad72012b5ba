package dev.tailsampling.trace;

import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A span for tests, set up by chained calls. A root span of status UNSET without times, unless told otherwise. */
public final class TestSpan implements SpanView {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final TraceId traceId;
    private final Map<String, AttributeValue> attributes = new HashMap<>();
    private final Map<String, AttributeValue> resource = new HashMap<>();
    private long spanId = 1;
    private long parentSpanId;
    private long start;
    private long end;
    private StatusCode status = StatusCode.UNSET;
    private String name = "";
    private @Nullable String traceState;
    private int encodedSize = 100;
    private SpanKind kind = SpanKind.UNSPECIFIED;
    private int flags;
    private String statusMessage = "";
    private String scopeName = "";
    private String scopeVersion = "";
    private final Map<String, AttributeValue> scopeAttributes = new HashMap<>();
    private final List<EventView> events = new ArrayList<>();
    private final List<LinkView> links = new ArrayList<>();
    private long droppedAttributes;
    private long droppedEvents;
    private long droppedLinks;

    private TestSpan(TraceId traceId) {
        this.traceId = traceId;
    }

    /** A span of trace 1. */
    public static TestSpan span() {
        return of(new TraceId(0, 1));
    }

    /** A span of that trace. */
    public static TestSpan of(TraceId traceId) {
        return new TestSpan(traceId);
    }

    public TestSpan id(long id) {
        spanId = id;
        return this;
    }

    public TestSpan parent(long id) {
        parentSpanId = id;
        return this;
    }

    public TestSpan status(StatusCode code) {
        status = code;
        return this;
    }

    public TestSpan name(String text) {
        name = text;
        return this;
    }

    public TestSpan traceState(@Nullable String header) {
        traceState = header;
        return this;
    }

    public TestSpan encodedSize(int bytes) {
        encodedSize = bytes;
        return this;
    }

    /** Start and end in nanoseconds since the epoch, 0 for none. */
    public TestSpan nanos(long startNano, long endNano) {
        start = startNano;
        end = endNano;
        return this;
    }

    /** Start and end in milliseconds since the epoch. */
    public TestSpan millis(long startMillis, long endMillis) {
        return nanos(startMillis * NANOS_PER_MILLI, endMillis * NANOS_PER_MILLI);
    }

    public TestSpan with(String key, AttributeValue value) {
        attributes.put(key, value);
        return this;
    }

    public TestSpan with(String key, String value) {
        return with(key, new StringValue(value));
    }

    public TestSpan with(String key, long value) {
        return with(key, new LongValue(value));
    }

    public TestSpan with(String key, double value) {
        return with(key, new DoubleValue(value));
    }

    public TestSpan with(String key, boolean value) {
        return with(key, new BoolValue(value));
    }

    public TestSpan resource(String key, AttributeValue value) {
        resource.put(key, value);
        return this;
    }

    public TestSpan resource(String key, String value) {
        return resource(key, new StringValue(value));
    }

    public TestSpan kind(SpanKind value) {
        kind = value;
        return this;
    }

    public TestSpan flags(int value) {
        flags = value;
        return this;
    }

    public TestSpan statusMessage(String text) {
        statusMessage = text;
        return this;
    }

    public TestSpan scope(String scopeNamed, String version) {
        scopeName = scopeNamed;
        scopeVersion = version;
        return this;
    }

    public TestSpan scopeAttribute(String key, AttributeValue value) {
        scopeAttributes.put(key, value);
        return this;
    }

    public TestSpan scopeAttribute(String key, String value) {
        return scopeAttribute(key, new StringValue(value));
    }

    /** One more event, at time 0. */
    public TestSpan event(String eventName, Map<String, AttributeValue> eventAttributes) {
        return event(eventName, 0, eventAttributes);
    }

    /** One more event, at this many nanoseconds since the epoch. */
    public TestSpan event(String eventName, long timeUnixNano, Map<String, AttributeValue> eventAttributes) {
        events.add(new TestEvent(eventName, timeUnixNano, view(eventAttributes), 0));
        return this;
    }

    /** One more link. */
    public TestSpan link(TraceId linked, long linkedSpanId, Map<String, AttributeValue> linkAttributes) {
        links.add(new TestLink(linked.high(), linked.low(), linkedSpanId, null, view(linkAttributes)));
        return this;
    }

    /** Numbers of attributes, events and links that the sender left out. */
    public TestSpan dropped(long attributeCount, long eventCount, long linkCount) {
        droppedAttributes = attributeCount;
        droppedEvents = eventCount;
        droppedLinks = linkCount;
        return this;
    }

    private record TestScope(String name, String version, AttributesView attributes, long droppedAttributesCount)
            implements
                ScopeView {}

    private record TestEvent(String name, long timeUnixNano, AttributesView attributes, long droppedAttributesCount)
            implements
                EventView {}

    private record TestLink(long traceIdHigh, long traceIdLow, long spanId, @Nullable String traceState,
            AttributesView attributes) implements LinkView {}

    private static AttributesView view(Map<String, AttributeValue> values) {
        return new AttributesView() {
            @Override
            public @Nullable AttributeValue get(AttributeKey key) {
                return values.get(key.name());
            }

            @Override
            public int size() {
                return values.size();
            }
        };
    }

    @Override
    public long traceIdHigh() {
        return traceId.high();
    }

    @Override
    public long traceIdLow() {
        return traceId.low();
    }

    @Override
    public long spanId() {
        return spanId;
    }

    @Override
    public long parentSpanId() {
        return parentSpanId;
    }

    @Override
    public long startUnixNano() {
        return start;
    }

    @Override
    public long endUnixNano() {
        return end;
    }

    @Override
    public StatusCode status() {
        return status;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable String traceState() {
        return traceState;
    }

    @Override
    public int encodedSize() {
        return encodedSize;
    }

    @Override
    public AttributesView attributes() {
        return view(attributes);
    }

    @Override
    public AttributesView resource() {
        return view(resource);
    }

    @Override
    public SpanKind kind() {
        return kind;
    }

    @Override
    public int flags() {
        return flags;
    }

    @Override
    public String statusMessage() {
        return statusMessage;
    }

    @Override
    public ScopeView scope() {
        return new TestScope(scopeName, scopeVersion, view(scopeAttributes), 0);
    }

    @Override
    public int eventCount() {
        return events.size();
    }

    @Override
    public int linkCount() {
        return links.size();
    }

    @Override
    public boolean anyEvent(Predicate<EventView> test) {
        return events.stream().anyMatch(test);
    }

    @Override
    public boolean anyLink(Predicate<LinkView> test) {
        return links.stream().anyMatch(test);
    }

    @Override
    public long droppedAttributesCount() {
        return droppedAttributes;
    }

    @Override
    public long droppedEventsCount() {
        return droppedEvents;
    }

    @Override
    public long droppedLinksCount() {
        return droppedLinks;
    }

    @Override
    public String toString() {
        return "span " + Long.toHexString(spanId) + " of " + traceId + " " + status + " " + start + "-" + end + " "
                + traceState + " " + attributes + " " + resource;
    }
}
