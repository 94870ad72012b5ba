package dev.tailsampling.otlp;

/**
 * A block of memory with spans as they were on the wire, each with the address of an earlier span that its owner links it
 * to. A resource or scope that spans share is written once, so the block needs nothing outside of itself and can be given
 * up whole. Filled by a {@link SegmentWriter}, read by a {@link StoredSpan}.
 *
 * <p>The content is a protobuf message of our own: a span is field 4 (if it has a predecessor), 5 and 6; its scope,
 * written before it, fields 2 and 3; its resource field 1. Not thread-safe.
 */
public final class SpanSegment {

    /** Address of no span. */
    public static final long NO_ADDRESS = 0;

    /** Resource and schema URL, as in ResourceSpans. */
    static final int RESOURCE_SPANS = 1;
    /** Where the resource of the following scope stands. */
    static final int RESOURCE_PLACE = 2;
    /** Scope and schema URL, as in ScopeSpans. */
    static final int SCOPE_SPANS = 3;
    /** How many addresses before the span its predecessor is. */
    static final int DISTANCE = 4;
    /** Where the scope of the following span stands. */
    static final int SCOPE_PLACE = 5;
    static final int SPAN = 6;

    static final int DISTANCE_TAG = DISTANCE << 3 | WireReader.VARINT;
    static final int SPAN_TAG = SPAN << 3 | WireReader.LENGTH_DELIMITED;

    private static final int TRACE_ID_TAG = 1 << 3 | WireReader.LENGTH_DELIMITED;

    /** Receives the ids of traces. */
    @FunctionalInterface
    public interface TraceVisitor {
        /** One trace, by its id. */
        void trace(long traceIdHigh, long traceIdLow);
    }

    private final WireReader reader = new WireReader();
    private final WireReader spanReader = new WireReader();
    private final long firstAddress;
    private final int capacity;
    final WireWriter writer;

    private SpanSegment(long firstAddress, int capacity, WireWriter writer) {
        if (firstAddress <= NO_ADDRESS) {
            throw new IllegalArgumentException("addresses are positive: " + firstAddress);
        }
        this.firstAddress = firstAddress;
        this.capacity = capacity;
        this.writer = writer;
    }

    /**
     * An empty block.
     *
     * @param firstAddress of the span that is added first, at least 1; each byte is one address
     * @param capacity in bytes
     */
    public static SpanSegment ofCapacity(int capacity, long firstAddress) {
        return new SpanSegment(firstAddress, capacity, new WireWriter(capacity));
    }

    /** An empty block in this one's memory; this one must not be used any more. */
    public SpanSegment recycled(long newFirstAddress) {
        writer.clear();
        return new SpanSegment(newFirstAddress, capacity, writer);
    }

    /** Address of the first byte. */
    public long firstAddress() {
        return firstAddress;
    }

    /** Size in bytes, however many of them are used. */
    public int capacity() {
        return capacity;
    }

    /** Whether this address is in this block. */
    public boolean holds(long address) {
        return address >= firstAddress && address - firstAddress < capacity;
    }

    /** The address that the span at this address was linked to, {@link #NO_ADDRESS} if it was none. */
    public long previous(long address) {
        WireReader record = readerAt((int) (address - firstAddress), reader);
        return record.tag() == DISTANCE_TAG ? address - record.varint() : NO_ADDRESS;
    }

    /** Visits the trace of each span, so some several times, in the order in which the spans came. */
    public void forEachTrace(TraceVisitor visitor) {
        // The visitor may ask for predecessors.
        WireReader records = readerAt(0, new WireReader());
        while (records.hasMore()) {
            int tag = records.tag();
            if (tag == SPAN_TAG) {
                long span = records.stretch();
                visit(WireReader.offset(span), WireReader.length(span), visitor);
            } else {
                records.skip(tag);
            }
        }
    }

    /** Of several trace ids the last one counts, as it does when the span is scanned. */
    private void visit(int offset, int length, TraceVisitor visitor) {
        long high = 0;
        long low = 0;
        spanReader.reset(writer.bytes(), offset, length);
        while (spanReader.hasMore()) {
            int tag = spanReader.tag();
            if (tag == TRACE_ID_TAG && spanReader.hasId("trace", 16)) {
                high = spanReader.bigEndian();
                low = spanReader.bigEndian();
            } else if (tag != TRACE_ID_TAG) {
                spanReader.skip(tag);
            }
        }
        visitor.trace(high, low);
    }

    WireReader readerAt(int place, WireReader target) {
        return target.reset(writer.bytes(), place, writer.size() - place);
    }
}
