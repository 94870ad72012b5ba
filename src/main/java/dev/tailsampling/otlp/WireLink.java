package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.LinkView;
import org.jspecify.annotations.Nullable;

/** A link in wire form. One object serves all links: {@link WireSpan} moves it from link to link. */
final class WireLink implements LinkView {

    private final WireReader reader = new WireReader();
    private final WireAttributes attributes = new WireAttributes(4);
    private long traceIdHigh;
    private long traceIdLow;
    private long spanId;
    private long traceState;

    WireLink read(byte[] message, int offset, int length) {
        traceIdHigh = 0;
        traceIdLow = 0;
        spanId = 0;
        traceState = 0;
        attributes.reset(message, offset, length);
        reader.reset(message, offset, length);
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> {
                    boolean present = reader.hasId("linked trace", 16);
                    traceIdHigh = present ? reader.bigEndian() : 0;
                    traceIdLow = present ? reader.bigEndian() : 0;
                }
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> spanId = reader.spanId("linked span");
                case 3 << 3 | WireReader.LENGTH_DELIMITED -> traceState = reader.stretch();
                default -> reader.skip(tag);
            }
        }
        return this;
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
    public @Nullable String traceState() {
        return WireReader.length(traceState) == 0 ? null : WireReader.text(reader.bytes(), traceState);
    }

    @Override
    public AttributesView attributes() {
        return attributes;
    }
}
