package dev.tailsampling.otlp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Adds spans to one {@link SpanSegment} after the other. A resource or scope is looked up by its content and, as long as
 * the table of fixed size remembers it, written once into each segment. Not thread-safe.
 */
public final class SegmentWriter {

    /** Tags, lengths and places of one span, its resource and its scope, and what the writer wants in reserve. */
    private static final int MAX_OVERHEAD_BYTES = 128;
    private static final int SEGMENT_BYTES_PER_SLOT = 512;
    private static final int MAX_PROBES = 4;

    private final Slice storedContent = new Slice();
    private final Slice storedUrl = new Slice();
    private final WireReader reader = new WireReader();
    /** Place of a resource or scope plus 1, by the hash of its content; 0 where there is none. */
    private final int[] places;
    private SpanSegment segment = SpanSegment.ofCapacity(0, 1);
    private @Nullable OtlpSpans lastContext;
    private long lastContextGeneration;
    private int lastScopePlace;

    /** A writer for segments of about this size in bytes; {@link #begin} comes first. */
    public SegmentWriter(int segmentBytes) {
        places = new int[Math.max(MAX_PROBES, Integer.highestOneBit(segmentBytes / SEGMENT_BYTES_PER_SLOT + 1))];
    }

    /** From now on spans go to this segment, which is empty. */
    public void begin(SpanSegment empty) {
        segment = empty;
        lastContext = null;
        Arrays.fill(places, 0);
    }

    /** The most bytes that the span can take in a segment, with its resource and scope. */
    public static long maxBytes(WireSpan span) {
        OtlpSpans context = span.context();
        return (long) MAX_OVERHEAD_BYTES + span.encodedSize() + context.resource.length()
                + context.resourceSchemaUrl.length() + context.scope.length() + context.scopeSchemaUrl.length();
    }

    /** Whether the segment surely has room for the span. */
    public boolean hasRoomFor(WireSpan span) {
        return maxBytes(span) <= segment.capacity() - segment.writer.size();
    }

    /**
     * Adds a copy of the span, for which there must be room.
     *
     * @param previousAddress the earlier span to which it is linked, or {@link SpanSegment#NO_ADDRESS}
     * @return its address
     */
    public long add(WireSpan span, long previousAddress) {
        int scope = scopePlace(span.context());
        WireWriter writer = segment.writer;
        long address = segment.firstAddress() + writer.size();
        if (previousAddress != SpanSegment.NO_ADDRESS) {
            writer.varint(SpanSegment.DISTANCE, address - previousAddress);
        }
        writer.varint(SpanSegment.SCOPE_PLACE, scope);
        writer.bytes(SpanSegment.SPAN, span.bytes(), span.offset(), span.encodedSize());
        return address;
    }

    private int scopePlace(OtlpSpans context) {
        long generation = context.contextGeneration();
        if (context != lastContext || generation != lastContextGeneration) {
            int itsResource = place(SpanSegment.RESOURCE_SPANS, 0, context.resource, context.resourceSchemaUrl);
            lastScopePlace = place(SpanSegment.SCOPE_SPANS, itsResource, context.scope, context.scopeSchemaUrl);
            lastContext = context;
            lastContextGeneration = generation;
        }
        return lastScopePlace;
    }

    /** Where this content stands; it is written if it is not known to stand anywhere. */
    private int place(int field, int resourcePlace, Slice shared, Slice url) {
        long hash = (shared.contentHash() * 31 + url.contentHash()) * 31 + resourcePlace + field;
        int mask = places.length - 1;
        int home = (int) (hash ^ hash >>> 32) & mask;
        int free = home;
        for (int probe = 0; probe < MAX_PROBES; probe++) {
            int slot = home + probe & mask;
            if (places[slot] == 0) {
                free = slot;
                break;
            }
            int candidate = places[slot] - 1;
            if (stands(candidate, field, resourcePlace, shared, url)) {
                return candidate;
            }
        }
        int written = write(field, resourcePlace, shared, url);
        places[free] = written + 1;
        return written;
    }

    private boolean stands(int place, int field, int resourcePlace, Slice shared, Slice url) {
        segment.readerAt(place, reader);
        boolean isScope = reader.tag() >>> 3 == SpanSegment.RESOURCE_PLACE;
        if (isScope != (field == SpanSegment.SCOPE_SPANS)) {
            return false;
        }
        if (isScope) {
            if (reader.varint() != resourcePlace) {
                return false;
            }
            reader.tag();
        }
        StoredSpan.readGroup(reader, storedContent, storedUrl);
        return storedContent.sameContent(shared) && storedUrl.sameContent(url);
    }

    private int write(int field, int resourcePlace, Slice shared, Slice url) {
        WireWriter writer = segment.writer;
        int place = writer.size();
        if (field == SpanSegment.SCOPE_SPANS) {
            writer.varint(SpanSegment.RESOURCE_PLACE, resourcePlace);
        }
        int mark = writer.begin(field);
        shared.writeTo(writer, 1);
        url.writeTo(writer, 3);
        writer.end(mark);
        return place;
    }
}
