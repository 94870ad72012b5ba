package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.ScopeView;

/** An instrumentation scope in wire form, read when first asked for and then remembered for the scope's other spans. */
final class WireScope implements ScopeView {

    private final WireReader reader = new WireReader();
    private final SharedAttributes attributes = new SharedAttributes(3);
    private final Slice scope = new Slice();
    private boolean isRead;
    private String name = "";
    private String version = "";
    private long droppedAttributesCount;

    /** Points at another scope. */
    void pointAt(Slice other) {
        scope.set(other);
        attributes.pointAt(other);
        isRead = false;
    }

    private void read() {
        if (isRead) {
            return;
        }
        name = "";
        version = "";
        droppedAttributesCount = 0;
        scope.readBy(reader);
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> name = WireReader.text(reader.bytes(), reader.stretch());
                case 2 << 3 | WireReader.LENGTH_DELIMITED ->
                    version = WireReader.text(reader.bytes(), reader.stretch());
                case 4 << 3 | WireReader.VARINT -> droppedAttributesCount = reader.uint32();
                default -> reader.skip(tag);
            }
        }
        isRead = true;
    }

    @Override
    public String name() {
        read();
        return name;
    }

    @Override
    public String version() {
        read();
        return version;
    }

    @Override
    public AttributesView attributes() {
        return attributes;
    }

    @Override
    public long droppedAttributesCount() {
        read();
        return droppedAttributesCount;
    }
}
