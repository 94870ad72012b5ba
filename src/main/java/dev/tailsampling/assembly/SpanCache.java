package dev.tailsampling.assembly;

import dev.tailsampling.otlp.SegmentWriter;
import dev.tailsampling.otlp.SpanSegment;
import dev.tailsampling.otlp.StoredSpan;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.trace.SpanView;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of spans of open traces, as long as there is room, so that a kept trace need not be read again. A trace is
 * here whole or not at all: when a span of it is missing, its other spans are given up, too.
 *
 * <p>The spans stand in a log of segments. A segment is used again as soon as all its traces have ended; when the room is
 * used up, the oldest one is, and with it go the traces that have a span in it: those that have been open longest.
 *
 * <p>All memory that grows with the spans is counted. Not thread-safe.
 */
public final class SpanCache {

    /** Receives the spans of a trace. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * Some of the trace's spans, in the order in which they came.
         *
         * @param otlp a whole {@code ExportTraceServiceRequest}; the receiver may keep it
         */
        void spans(byte[] otlp, int spanCount);
    }

    /** An array of that length takes 1 MiB with its header: no more than one region of a collector with such regions. */
    private static final int MAX_SEGMENT_BYTES = (1 << 20) - 16;
    private static final int MIN_SEGMENT_BYTES = 4 << 10;
    private static final int SEGMENTS = 128;
    /** A span that would push out a larger part of the others than one in so many is not cached. */
    private static final int MIN_SEGMENTS = 4;
    private static final int MAX_SPAN_BYTES = 1 << 30;

    /** A segment with the number of spans in it whose traces are here. */
    private static final class Counted {
        private final SpanSegment segment;
        private final int number;
        private int spans;

        Counted(SpanSegment segment, int number) {
            this.segment = segment;
            this.number = number;
        }
    }

    private long maxBytes;
    private final int segmentBytes;
    private final SegmentWriter writer;
    private final CachedTraces traces = new CachedTraces();
    private final TreeMap<Long, Counted> segments = new TreeMap<>();
    private final ArrayDeque<SpanSegment> spare = new ArrayDeque<>();
    private @Nullable Counted filling;
    private @Nullable Counted lastUsed;
    private int nextNumber;
    private long nextAddress = SpanSegment.NO_ADDRESS + 1;
    private long heldSegmentBytes;
    private long spanCount;
    private long evictedSpans;

    /**
     * An empty cache.
     *
     * @param maxBytes how much memory it may hold, in bytes; 0 for none, then nothing is cached
     */
    public SpanCache(long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("a cache cannot hold " + maxBytes + " bytes");
        }
        this.maxBytes = maxBytes;
        long smallest = Math.min(MIN_SEGMENT_BYTES, maxBytes / MIN_SEGMENTS);
        this.segmentBytes = (int) Math.clamp(maxBytes / SEGMENTS, smallest, MAX_SEGMENT_BYTES);
        this.writer = new SegmentWriter(segmentBytes);
    }

    /**
     * Offers a span that was just folded. Only one that is there as bytes can be cached.
     *
     * @param spansBefore spans of its trace that were folded before it; if they are not all here, it is not cached
     */
    public void offer(SpanView span, int spansBefore) {
        if (maxBytes > 0 && span instanceof WireSpan whole) {
            offer(whole, spansBefore);
        }
    }

    private void offer(WireSpan span, int spansBefore) {
        long high = span.traceIdHigh();
        long low = span.traceIdLow();
        if (traces.spanCount(high, low) != spansBefore || !makeRoomFor(span)) {
            release(high, low);
            return;
        }
        Counted target = filling;
        // Making room may have cost the trace its earlier spans.
        if (target != null && traces.spanCount(high, low) == spansBefore) {
            long address = writer.add(span, traces.lastAddress(high, low));
            traces.add(high, low, address, target.number);
            target.spans++;
            spanCount++;
        }
    }

    private boolean makeRoomFor(WireSpan span) {
        if (traces.isFull()) {
            boolean free = makeFree(traces.growthBytes());
            if (traces.isFull()) {
                if (!free) {
                    return false;
                }
                traces.grow();
            }
        }
        return filling != null && writer.hasRoomFor(span) || beginSegment(SegmentWriter.maxBytes(span));
    }

    private boolean beginSegment(long spanBytes) {
        if (spanBytes > Math.min(maxBytes / MIN_SEGMENTS, MAX_SPAN_BYTES)) {
            return false;
        }
        SpanSegment segment = emptySegment((int) Math.max(spanBytes, segmentBytes));
        if (segment == null) {
            return false;
        }
        nextAddress += segment.capacity();
        filling = new Counted(segment, nextNumber++);
        segments.put(segment.firstAddress(), filling);
        writer.begin(segment);
        return true;
    }

    private @Nullable SpanSegment emptySegment(int capacity) {
        if (capacity == segmentBytes) {
            if (spare.isEmpty() && heldBytes() + capacity > maxBytes) {
                evictOldest();
            }
            if (!spare.isEmpty()) {
                return spare.pop().recycled(nextAddress);
            }
        }
        if (!makeFree(capacity)) {
            return null;
        }
        heldSegmentBytes += capacity;
        return SpanSegment.ofCapacity(capacity, nextAddress);
    }

    /** Gives memory back until so much more may be held; false if there is not so much. */
    private boolean makeFree(long bytes) {
        while (heldBytes() + bytes > maxBytes) {
            if (!spare.isEmpty()) {
                heldSegmentBytes -= spare.pop().capacity();
            } else if (!segments.isEmpty()) {
                evictOldest();
            } else {
                return false;
            }
        }
        return true;
    }

    /** Gives up every trace with a span in the oldest segment, which is the segment of its first span. */
    private void evictOldest() {
        Map.Entry<Long, Counted> first = segments.firstEntry();
        if (first == null) {
            return;
        }
        Counted oldest = first.getValue();
        if (oldest.spans == 0) {
            // Begun for a span that was not added in the end.
            recycle(oldest);
            return;
        }
        long before = spanCount;
        oldest.segment.forEachTrace((high, low) -> {
            if (traces.spanCount(high, low) > 0 && traces.firstSegment(high, low) == oldest.number) {
                release(high, low);
            }
        });
        evictedSpans += before - spanCount;
    }

    /** Forgets a trace: it has ended, or cannot be here whole any more. */
    public void release(long traceIdHigh, long traceIdLow) {
        long address = traces.lastAddress(traceIdHigh, traceIdLow);
        traces.remove(traceIdHigh, traceIdLow);
        while (address != SpanSegment.NO_ADDRESS) {
            Counted holder = holderOf(address);
            address = holder.segment.previous(address);
            spanCount--;
            if (--holder.spans == 0) {
                recycle(holder);
            }
        }
    }

    private void recycle(Counted unused) {
        segments.remove(unused.segment.firstAddress());
        filling = filling == unused ? null : filling;
        lastUsed = null;
        if (unused.segment.capacity() == segmentBytes) {
            spare.push(unused.segment);
        } else {
            heldSegmentBytes -= unused.segment.capacity();
        }
    }

    private Counted holderOf(long address) {
        Counted holder = lastUsed;
        if (holder == null || !holder.segment.holds(address)) {
            holder = segments.floorEntry(address).getValue();
            lastUsed = holder;
        }
        return holder;
    }

    /** Forgets all traces. */
    public void clear() {
        traces.clear();
        segments.values().stream().toList().forEach(this::recycle);
        spanCount = 0;
    }

    /** Whether all spans of the trace are here, when it has so many. */
    public boolean holdsAll(long traceIdHigh, long traceIdLow, int spans) {
        return spans > 0 && traces.spanCount(traceIdHigh, traceIdLow) == spans;
    }

    /**
     * Delivers the spans of a trace, which stays here until it is released.
     *
     * @param partBytes a larger trace comes in parts of at most about this many bytes
     * @throws NoSuchElementException if the trace is not here
     */
    public void read(long traceIdHigh, long traceIdLow, int partBytes, Receiver receiver) {
        TraceBytes part = new TraceBytes();
        StoredSpan span = new StoredSpan();
        for (long address : addresses(traceIdHigh, traceIdLow)) {
            span.moveTo(holderOf(address).segment, address);
            if (part.spanCount() > 0 && part.size() + span.encodedSize() > partBytes) {
                deliver(part, receiver);
            }
            part.add(span);
        }
        deliver(part, receiver);
    }

    private static void deliver(TraceBytes part, Receiver receiver) {
        int spans = part.spanCount();
        byte[] otlp = part.take();
        if (otlp != null) {
            receiver.spans(otlp, spans);
        }
    }

    /** In the order in which the spans came. */
    private long[] addresses(long traceIdHigh, long traceIdLow) {
        long[] addresses = new long[traces.spanCount(traceIdHigh, traceIdLow)];
        if (addresses.length == 0) {
            throw new NoSuchElementException("no spans are cached of the trace that is to be read");
        }
        long address = traces.lastAddress(traceIdHigh, traceIdLow);
        for (int i = addresses.length - 1; i >= 0; i--) {
            addresses[i] = address;
            address = holderOf(address).segment.previous(address);
        }
        return addresses;
    }

    /** Spans that are here. */
    public long spanCount() {
        return spanCount;
    }

    /** Memory held, in bytes, free room in it included; never more than the limit. */
    public long heldBytes() {
        return heldSegmentBytes + traces.heldBytes();
    }

    /** From now on it holds at most so many bytes; if it holds more, the oldest traces go. */
    public void limit(long bytes) {
        maxBytes = bytes;
        makeFree(0);
    }

    /** How much memory it may hold, in bytes. */
    public long maxBytes() {
        return maxBytes;
    }

    /** Memory that spans of open traces need, in bytes: what is held but for the segments that are free. */
    public long usedBytes() {
        return heldBytes() - (long) spare.size() * segmentBytes;
    }

    /** Traces that are here. */
    public int traceCount() {
        return traces.size();
    }

    /** Spans given up because room was needed, since this was last asked. */
    public long takeEvictedSpans() {
        long evicted = evictedSpans;
        evictedSpans = 0;
        return evicted;
    }
}
