package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.EventView;

/** An event in wire form. One object serves all events: {@link WireSpan} moves it from event to event. */
final class WireEvent implements EventView {

    private final WireReader reader = new WireReader();
    private final WireAttributes attributes = new WireAttributes(3);
    private long time;
    private long name;
    private long droppedAttributesCount;

    WireEvent read(byte[] message, int offset, int length) {
        time = 0;
        name = 0;
        droppedAttributesCount = 0;
        attributes.reset(message, offset, length);
        reader.reset(message, offset, length);
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.FIXED64 -> time = reader.fixed64();
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> name = reader.stretch();
                case 4 << 3 | WireReader.VARINT -> droppedAttributesCount = reader.uint32();
                default -> reader.skip(tag);
            }
        }
        return this;
    }

    @Override
    public String name() {
        return WireReader.text(reader.bytes(), name);
    }

    @Override
    public long timeUnixNano() {
        return time;
    }

    @Override
    public AttributesView attributes() {
        return attributes;
    }

    @Override
    public long droppedAttributesCount() {
        return droppedAttributesCount;
    }
}
