package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.EventView;
import dev.tailsampling.trace.LinkView;
import dev.tailsampling.trace.ScopeView;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A span in wire form. One object serves all spans of a scan: {@link OtlpSpans} moves it from span to span. One pass
 * over the span's fields notes ids, times, numbers and where the rest stands; texts, attributes, events and links are
 * decoded when asked for.
 */
public final class WireSpan implements SpanView {

    private static final int ATTRIBUTE = 9;
    private static final int ATTRIBUTE_TAG = ATTRIBUTE << 3 | WireReader.LENGTH_DELIMITED;
    private static final int EVENT_TAG = 11 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int LINK_TAG = 13 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int TRACE_STATE = 3;
    private static final int TRACE_STATE_TAG = TRACE_STATE << 3 | WireReader.LENGTH_DELIMITED;

    private final WireReader reader = new WireReader();
    private final WireReader statusReader = new WireReader();
    private final WireAttributes attributes = new WireAttributes(ATTRIBUTE);
    private final WireEvent event = new WireEvent();
    private final WireLink link = new WireLink();
    private final OtlpSpans context;

    private byte[] bytes = new byte[0];
    private int offset;
    private int length;
    private long traceIdHigh;
    private long traceIdLow;
    private long spanId;
    private long parentSpanId;
    private long start;
    private long end;
    private int kindNumber;
    private int flags;
    private int statusNumber;
    // Stretches of the message, see WireReader.
    private long statusMessage;
    private long name;
    private long traceState;
    // Where the first one's tag stands, or -1.
    private int attributesOffset;
    private int eventsOffset;
    private int linksOffset;
    private int eventCount;
    private int linkCount;
    private long droppedAttributesCount;
    private long droppedEventsCount;
    private long droppedLinksCount;

    WireSpan(OtlpSpans context) {
        this.context = context;
    }

    void read(byte[] message, int spanOffset, int spanLength) {
        clear(message, spanOffset, spanLength);
        reader.reset(message, spanOffset, spanLength);
        while (reader.hasMore()) {
            int fieldStart = reader.position();
            readField(fieldStart, reader.tag());
        }
        if ((traceIdHigh | traceIdLow) == 0) {
            throw reader.malformed("a span without a trace id");
        }
    }

    private void clear(byte[] message, int spanOffset, int spanLength) {
        bytes = message;
        offset = spanOffset;
        length = spanLength;
        traceIdHigh = 0;
        traceIdLow = 0;
        spanId = 0;
        parentSpanId = 0;
        start = 0;
        end = 0;
        kindNumber = 0;
        flags = 0;
        statusNumber = 0;
        // A place in the span before could lie outside this message.
        statusMessage = 0;
        name = 0;
        traceState = 0;
        attributesOffset = -1;
        droppedAttributesCount = 0;
        eventsOffset = -1;
        eventCount = 0;
        droppedEventsCount = 0;
        linksOffset = -1;
        linkCount = 0;
        droppedLinksCount = 0;
    }

    private void readField(int fieldStart, int tag) {
        switch (tag) {
            case 1 << 3 | WireReader.LENGTH_DELIMITED -> readTraceId();
            case 2 << 3 | WireReader.LENGTH_DELIMITED -> spanId = reader.spanId("span");
            case TRACE_STATE_TAG -> traceState = reader.stretch();
            case 4 << 3 | WireReader.LENGTH_DELIMITED -> parentSpanId = reader.spanId("parent span");
            case 5 << 3 | WireReader.LENGTH_DELIMITED -> name = reader.stretch();
            case 6 << 3 | WireReader.VARINT -> kindNumber = (int) reader.varint();
            case 7 << 3 | WireReader.FIXED64 -> start = reader.fixed64();
            case 8 << 3 | WireReader.FIXED64 -> end = reader.fixed64();
            case ATTRIBUTE_TAG -> {
                attributesOffset = attributesOffset < 0 ? fieldStart : attributesOffset;
                reader.advance(reader.length());
            }
            case 10 << 3 | WireReader.VARINT -> droppedAttributesCount = reader.uint32();
            case EVENT_TAG -> {
                eventsOffset = eventCount++ == 0 ? fieldStart : eventsOffset;
                reader.advance(reader.length());
            }
            case 12 << 3 | WireReader.VARINT -> droppedEventsCount = reader.uint32();
            case LINK_TAG -> {
                linksOffset = linkCount++ == 0 ? fieldStart : linksOffset;
                reader.advance(reader.length());
            }
            case 14 << 3 | WireReader.VARINT -> droppedLinksCount = reader.uint32();
            case 15 << 3 | WireReader.LENGTH_DELIMITED -> readStatus();
            case 16 << 3 | WireReader.FIXED32 -> flags = reader.fixed32();
            default -> reader.skip(tag);
        }
    }

    private void readTraceId() {
        boolean present = reader.hasId("trace", 16);
        traceIdHigh = present ? reader.bigEndian() : 0;
        traceIdLow = present ? reader.bigEndian() : 0;
    }

    /** What a repeated status leaves out is left as it came before, as messages are merged. */
    private void readStatus() {
        int statusLength = reader.length();
        statusReader.reset(bytes, reader.position(), statusLength);
        reader.advance(statusLength);
        while (statusReader.hasMore()) {
            int tag = statusReader.tag();
            switch (tag) {
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> statusMessage = statusReader.stretch();
                case 3 << 3 | WireReader.VARINT -> statusNumber = (int) statusReader.varint();
                default -> statusReader.skip(tag);
            }
        }
    }

    @Override
    public long traceIdHigh() {
        return traceIdHigh;
    }

    @Override
    public long traceIdLow() {
        return traceIdLow;
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
        return StatusCode.ofNumber(statusNumber);
    }

    @Override
    public String statusMessage() {
        return WireReader.text(bytes, statusMessage);
    }

    @Override
    public SpanKind kind() {
        return SpanKind.ofNumber(kindNumber);
    }

    @Override
    public int flags() {
        return flags;
    }

    @Override
    public String name() {
        return WireReader.text(bytes, name);
    }

    @Override
    public @Nullable String traceState() {
        return WireReader.length(traceState) == 0 ? null : WireReader.text(bytes, traceState);
    }

    @Override
    public int encodedSize() {
        return length;
    }

    @Override
    public AttributesView attributes() {
        if (attributesOffset < 0) {
            attributes.reset(bytes, offset, 0);
        } else {
            attributes.reset(bytes, attributesOffset, offset + length - attributesOffset);
        }
        return attributes;
    }

    @Override
    public AttributesView resource() {
        return context.resourceAttributes();
    }

    @Override
    public ScopeView scope() {
        return context.scopeView();
    }

    @Override
    public int eventCount() {
        return eventCount;
    }

    @Override
    public int linkCount() {
        return linkCount;
    }

    @Override
    public long droppedAttributesCount() {
        return droppedAttributesCount;
    }

    @Override
    public long droppedEventsCount() {
        return droppedEventsCount;
    }

    @Override
    public long droppedLinksCount() {
        return droppedLinksCount;
    }

    @Override
    public boolean anyEvent(Predicate<EventView> test) {
        return any(EVENT_TAG, eventsOffset, (place, size) -> test.test(event.read(bytes, place, size)));
    }

    @Override
    public boolean anyLink(Predicate<LinkView> test) {
        return any(LINK_TAG, linksOffset, (place, size) -> test.test(link.read(bytes, place, size)));
    }

    private interface ContentTest {
        boolean test(int place, int size);
    }

    /** Whether some field of this tag, the first of which stands at that offset, passes. */
    private boolean any(int wanted, int first, ContentTest test) {
        WireReader fields = new WireReader().reset(bytes, first, first < 0 ? 0 : offset + length - first);
        while (fields.hasMore()) {
            int tag = fields.tag();
            if (tag != wanted) {
                fields.skip(tag);
                continue;
            }
            int size = fields.length();
            int place = fields.position();
            fields.advance(size);
            if (test.test(place, size)) {
                return true;
            }
        }
        return false;
    }

    /** Writes the span's fields as they stand, but the tracestate, which becomes another; empty for none. */
    void writeTo(WireWriter writer, String replacement) {
        boolean written = replacement.isEmpty();
        int copiedUpTo = offset;
        reader.reset(bytes, offset, length);
        while (reader.hasMore()) {
            int fieldStart = reader.position();
            int tag = reader.tag();
            reader.skip(tag);
            boolean replaced = tag == TRACE_STATE_TAG;
            // Where exporters have it: before the first field of a higher number.
            boolean here = !written && tag >= TRACE_STATE_TAG;
            if (replaced || here) {
                writer.raw(bytes, copiedUpTo, fieldStart - copiedUpTo);
                copiedUpTo = replaced ? reader.position() : fieldStart;
            }
            if (here) {
                writer.string(TRACE_STATE, replacement);
                written = true;
            }
        }
        writer.raw(bytes, copiedUpTo, offset + length - copiedUpTo);
        if (!written) {
            writer.string(TRACE_STATE, replacement);
        }
    }

    /** Writes the span's fields as they stand, with one integer attribute in the place of those of its key. */
    void writeTo(WireWriter writer, AttributeKey key, long value) {
        int copiedUpTo = offset;
        reader.reset(bytes, offset, length);
        while (reader.hasMore()) {
            int fieldStart = reader.position();
            int tag = reader.tag();
            if (tag != ATTRIBUTE_TAG) {
                reader.skip(tag);
                continue;
            }
            int size = reader.length();
            if (attributes.isNamed(key, bytes, reader.position(), size)) {
                writer.raw(bytes, copiedUpTo, fieldStart - copiedUpTo);
                copiedUpTo = reader.position() + size;
            }
            reader.advance(size);
        }
        writer.raw(bytes, copiedUpTo, offset + length - copiedUpTo);
        int attribute = writer.begin(ATTRIBUTE);
        writer.string(1, key.name());
        int anyValue = writer.begin(2);
        writer.varint(3, value);
        writer.end(anyValue);
        writer.end(attribute);
    }

    byte[] bytes() {
        return bytes;
    }

    int offset() {
        return offset;
    }

    OtlpSpans context() {
        return context;
    }
}
