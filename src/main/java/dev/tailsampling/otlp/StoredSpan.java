package dev.tailsampling.otlp;

import org.jspecify.annotations.Nullable;

/** Looks at spans in {@link SpanSegment}s, one after the other, with their resource and scope. Not thread-safe. */
public final class StoredSpan {

    final Slice resource = new Slice();
    final Slice resourceSchemaUrl = new Slice();
    final Slice scope = new Slice();
    final Slice scopeSchemaUrl = new Slice();
    final Slice content = new Slice();

    private final WireReader reader = new WireReader();
    private @Nullable SpanSegment segment;
    private int scopePlace;

    /** Moves to the span at this address of the segment, which must not be filled anew while this looks at it. */
    public StoredSpan moveTo(SpanSegment itsSegment, long address) {
        itsSegment.readerAt((int) (address - itsSegment.firstAddress()), reader);
        if (reader.tag() == SpanSegment.DISTANCE_TAG) {
            reader.varint();
            reader.tag();
        }
        int place = (int) reader.varint();
        reader.tag();
        int length = reader.length();
        content.set(reader.bytes(), reader.position(), length);
        if (itsSegment != segment || place != scopePlace) {
            readContext(itsSegment, place);
        }
        return this;
    }

    private void readContext(SpanSegment itsSegment, int place) {
        segment = itsSegment;
        scopePlace = place;
        itsSegment.readerAt(place, reader);
        reader.tag();
        int resourcePlace = (int) reader.varint();
        reader.tag();
        readGroup(reader, scope, scopeSchemaUrl);
        itsSegment.readerAt(resourcePlace, reader);
        reader.tag();
        readGroup(reader, resource, resourceSchemaUrl);
    }

    /** Reads what spans share: the reader stands behind the tag of the message that holds it. */
    static void readGroup(WireReader reader, Slice shared, Slice schemaUrl) {
        int length = reader.length();
        shared.clear();
        schemaUrl.clear();
        OtlpSpans.findContext(reader.reset(reader.bytes(), reader.position(), length), shared, schemaUrl);
    }

    /** Size of the span as OTLP protobuf, in bytes. */
    public int encodedSize() {
        return content.length();
    }
}
