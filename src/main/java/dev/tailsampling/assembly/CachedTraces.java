package dev.tailsampling.assembly;

/**
 * Hash table of the traces that a {@link SpanCache} holds whole: where the last span is, how many there are, and in which
 * segment the first one is. Four numbers a trace in one array, with open addressing and linear probing. Not thread-safe.
 */
final class CachedTraces {

    private static final int INITIAL_CAPACITY = 1 << 6;
    /** Numbers for each slot: both halves of the id, the last address (0 in an empty slot), span count and segment. */
    private static final int WIDTH = 4;
    private static final int LOW = 1;
    private static final int LAST = 2;
    private static final int COUNT_AND_SEGMENT = 3;

    private long[] slots = {};
    private int size;

    int size() {
        return size;
    }

    /** Size of the table in bytes. */
    long heldBytes() {
        return (long) slots.length * Long.BYTES;
    }

    /** Whether one more trace needs {@link #grow} first. */
    boolean isFull() {
        return size >= capacity() / 3 * 2;
    }

    /** By how many bytes {@link #grow} lets the table grow. */
    long growthBytes() {
        return (grownCapacity() - (long) capacity()) * WIDTH * Long.BYTES;
    }

    void grow() {
        resize(grownCapacity());
    }

    private int grownCapacity() {
        return slots.length == 0 ? INITIAL_CAPACITY : 2 * capacity();
    }

    private int capacity() {
        return slots.length / WIDTH;
    }

    /** Spans of this trace, 0 if there are none. */
    int spanCount(long traceIdHigh, long traceIdLow) {
        return slots.length == 0 ? 0 : (int) (slots[slotOf(traceIdHigh, traceIdLow) + COUNT_AND_SEGMENT] >>> 32);
    }

    /** Number of the segment with the first span of this trace; any number if there is none. */
    int firstSegment(long traceIdHigh, long traceIdLow) {
        return (int) slots[slotOf(traceIdHigh, traceIdLow) + COUNT_AND_SEGMENT];
    }

    /** Address of the last span of this trace, 0 if there is none. */
    long lastAddress(long traceIdHigh, long traceIdLow) {
        return slots.length == 0 ? 0 : slots[slotOf(traceIdHigh, traceIdLow) + LAST];
    }

    /** Notes one more span of a trace; the table must not be full. */
    void add(long traceIdHigh, long traceIdLow, long address, int segment) {
        int slot = slotOf(traceIdHigh, traceIdLow);
        if (slots[slot + LAST] == 0) {
            slots[slot] = traceIdHigh;
            slots[slot + LOW] = traceIdLow;
            slots[slot + COUNT_AND_SEGMENT] = Integer.toUnsignedLong(segment);
            size++;
        }
        slots[slot + LAST] = address;
        slots[slot + COUNT_AND_SEGMENT] += 1L << 32;
    }

    void remove(long traceIdHigh, long traceIdLow) {
        int hole = slots.length == 0 ? 0 : slotOf(traceIdHigh, traceIdLow);
        if (slots.length == 0 || slots[hole + LAST] == 0) {
            return;
        }
        empty(hole);
        size--;
        closeGap(hole);
        if (capacity() > INITIAL_CAPACITY && size < capacity() / 8) {
            resize(capacity() / 2);
        }
    }

    private void empty(int slot) {
        slots[slot + LAST] = 0;
        slots[slot + COUNT_AND_SEGMENT] = 0;
    }

    /** Moves back what a probe would no longer reach across the hole (Knuth 6.4, algorithm R). */
    private void closeGap(int emptied) {
        int mask = slots.length - 1;
        int hole = emptied;
        for (int next = hole + WIDTH & mask; slots[next + LAST] != 0; next = next + WIDTH & mask) {
            int home = home(slots[next], slots[next + LOW]);
            if ((next - home & mask) >= (next - hole & mask)) {
                System.arraycopy(slots, next, slots, hole, WIDTH);
                empty(next);
                hole = next;
            }
        }
    }

    void clear() {
        slots = new long[0];
        size = 0;
    }

    private void resize(int capacity) {
        long[] old = slots;
        slots = new long[capacity * WIDTH];
        for (int slot = 0; slot < old.length; slot += WIDTH) {
            if (old[slot + LAST] != 0) {
                System.arraycopy(old, slot, slots, slotOf(old[slot], old[slot + LOW]), WIDTH);
            }
        }
    }

    /** Where this trace's numbers begin, or those of the empty slot where they belong. */
    private int slotOf(long traceIdHigh, long traceIdLow) {
        int mask = slots.length - 1;
        int slot = home(traceIdHigh, traceIdLow);
        while (slots[slot + LAST] != 0 && (slots[slot + LOW] != traceIdLow || slots[slot] != traceIdHigh)) {
            slot = slot + WIDTH & mask;
        }
        return slot;
    }

    private int home(long traceIdHigh, long traceIdLow) {
        return TraceTable.home(traceIdHigh, traceIdLow, capacity() - 1) * WIDTH;
    }
}
