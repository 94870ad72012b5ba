package dev.tailsampling.assembly;

import org.jspecify.annotations.Nullable;

/**
 * Which spans of open traces have come, so that one that comes twice is folded once. A span is known by its trace, its id,
 * its kind and its start, since senders exist that give a client span and its server span one id.
 *
 * <p>Only fingerprints of 64 bits are kept, so of a trace of a million spans one is mistaken for another with a
 * probability of 3·10⁻⁸. When there is no room, a span is taken as new and not remembered. Not thread-safe.
 */
public final class SeenSpans {

    private static final int INITIAL_CAPACITY = 16;
    private static final int ARRAY_HEADER_BYTES = 16;
    /** Half of it where the heap is smaller than 32 GiB. */
    private static final int REFERENCE_BYTES = 8;

    private final long maxBytes;
    private long[] @Nullable [] slots = {};
    private int size;
    private long printBytes;
    private long unchecked;

    /**
     * An empty set.
     *
     * @param maxBytes how much memory it may hold, in bytes; 0 for none, then every span is new
     */
    public SeenSpans(long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("seen spans cannot take " + maxBytes + " bytes");
        }
        this.maxBytes = maxBytes;
    }

    /**
     * Notes a span.
     *
     * @param kind the number of its kind
     * @return false if it has come before
     */
    public boolean add(long traceIdHigh, long traceIdLow, long spanId, int kind, long startUnixNano) {
        long print = SpanPrints.of(spanId, kind, startUnixNano);
        int slot = slots.length == 0 ? 0 : slotOf(traceIdHigh, traceIdLow);
        long[] prints = slots.length == 0 ? null : slots[slot];
        if (prints == null) {
            open(traceIdHigh, traceIdLow, print);
            return true;
        }
        if (SpanPrints.contains(prints, print)) {
            return false;
        }
        if (!SpanPrints.isFull(prints)) {
            SpanPrints.add(prints, print);
        } else if (hasRoom((long) (SpanPrints.grownLength(prints) - prints.length) * Long.BYTES)) {
            long[] grown = SpanPrints.grown(prints);
            SpanPrints.add(grown, print);
            printBytes += (long) (grown.length - prints.length) * Long.BYTES;
            slots[slot] = grown;
        }
        return true;
    }

    private void open(long traceIdHigh, long traceIdLow, long print) {
        long[] prints = SpanPrints.first(traceIdHigh, traceIdLow, print);
        boolean full = size >= slots.length / 3 * 2;
        int capacity = full ? Math.max(INITIAL_CAPACITY, 2 * slots.length) : slots.length;
        if (!hasRoom(bytes(prints) + tableBytes(capacity) - tableBytes(slots.length))) {
            return;
        }
        if (full) {
            resize(capacity);
        }
        slots[slotOf(traceIdHigh, traceIdLow)] = prints;
        printBytes += bytes(prints);
        size++;
    }

    private boolean hasRoom(long moreBytes) {
        boolean room = heldBytes() + moreBytes <= maxBytes;
        if (!room) {
            unchecked++;
        }
        return room;
    }

    /** Forgets the spans of a trace. */
    public void forget(long traceIdHigh, long traceIdLow) {
        int hole = slots.length == 0 ? 0 : slotOf(traceIdHigh, traceIdLow);
        long[] prints = slots.length == 0 ? null : slots[hole];
        if (prints == null) {
            return;
        }
        slots[hole] = null;
        printBytes -= bytes(prints);
        size--;
        closeGap(hole);
        if (slots.length > INITIAL_CAPACITY && size < slots.length / 8) {
            resize(slots.length / 2);
        }
    }

    /** Forgets all. */
    public void clear() {
        slots = new long[0][];
        size = 0;
        printBytes = 0;
    }

    /** Memory held, in bytes; never more than the limit. */
    public long heldBytes() {
        return tableBytes(slots.length) + printBytes;
    }

    /** Spans that were taken as new and not remembered since there was no room, since this was last asked. */
    public long takeUncheckedSpans() {
        long taken = unchecked;
        unchecked = 0;
        return taken;
    }

    private static long tableBytes(int capacity) {
        return capacity == 0 ? 0 : ARRAY_HEADER_BYTES + (long) capacity * REFERENCE_BYTES;
    }

    private static long bytes(long[] prints) {
        return ARRAY_HEADER_BYTES + (long) prints.length * Long.BYTES;
    }

    private void resize(int capacity) {
        long[] @Nullable [] old = slots;
        slots = new long[capacity][];
        for (long[] prints : old) {
            if (prints != null) {
                slots[slotOf(SpanPrints.traceIdHigh(prints), SpanPrints.traceIdLow(prints))] = prints;
            }
        }
    }

    /** Moves back what a probe would no longer reach across the hole (Knuth 6.4, algorithm R). */
    private void closeGap(int emptied) {
        int mask = slots.length - 1;
        int hole = emptied;
        int next = hole + 1 & mask;
        long[] candidate = slots[next];
        while (candidate != null) {
            int home = TraceTable.home(SpanPrints.traceIdHigh(candidate), SpanPrints.traceIdLow(candidate), mask);
            if ((next - home & mask) >= (next - hole & mask)) {
                slots[hole] = candidate;
                slots[next] = null;
                hole = next;
            }
            next = next + 1 & mask;
            candidate = slots[next];
        }
    }

    /** The slot that holds this trace, or the empty one where it belongs. */
    private int slotOf(long traceIdHigh, long traceIdLow) {
        int mask = slots.length - 1;
        int slot = TraceTable.home(traceIdHigh, traceIdLow, mask);
        long[] prints = slots[slot];
        while (prints != null && (SpanPrints.traceIdLow(prints) != traceIdLow
                || SpanPrints.traceIdHigh(prints) != traceIdHigh)) {
            slot = slot + 1 & mask;
            prints = slots[slot];
        }
        return slot;
    }
}
