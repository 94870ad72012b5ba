package dev.tailsampling.assembly;

import dev.tailsampling.policy.TraceSummary;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hash table of summaries by trace id: open addressing with linear probing, so that an open trace costs one reference
 * besides its summary (a {@code HashMap} costs about 50 bytes more). Not thread-safe.
 */
final class TraceTable {

    private static final int INITIAL_CAPACITY = 1 << 10;

    private @Nullable TraceSummary[] slots = new TraceSummary[INITIAL_CAPACITY];
    private int size;
    /** Spans of a trace come in batches. */
    private @Nullable TraceSummary lastOpened;

    int size() {
        return size;
    }

    /** The summary of this id; a new one if the trace was not open. */
    TraceSummary open(long traceIdHigh, long traceIdLow) {
        TraceSummary last = lastOpened;
        if (last != null && last.traceIdLow() == traceIdLow && last.traceIdHigh() == traceIdHigh) {
            return last;
        }
        TraceSummary opened = find(traceIdHigh, traceIdLow);
        lastOpened = opened;
        return opened;
    }

    private TraceSummary find(long traceIdHigh, long traceIdLow) {
        int slot = slotOf(traceIdHigh, traceIdLow);
        TraceSummary found = slots[slot];
        if (found != null) {
            return found;
        }
        TraceSummary opened = new TraceSummary(traceIdHigh, traceIdLow);
        put(slot, opened);
        return opened;
    }

    @Nullable
    TraceSummary get(long traceIdHigh, long traceIdLow) {
        return slots[slotOf(traceIdHigh, traceIdLow)];
    }

    void add(TraceSummary summary) {
        put(slotOf(summary.traceIdHigh(), summary.traceIdLow()), summary);
    }

    private void put(int slot, TraceSummary summary) {
        slots[slot] = summary;
        size++;
        // Two thirds full at the most: probes stay short, and the table is at least a third full after it grew.
        if (size > slots.length / 3 * 2) {
            resize(slots.length * 2);
        }
    }

    void remove(TraceSummary summary) {
        lastOpened = null;
        int hole = slotOf(summary.traceIdHigh(), summary.traceIdLow());
        if (slots[hole] == null) {
            return;
        }
        slots[hole] = null;
        size--;
        closeGap(hole);
        if (slots.length > INITIAL_CAPACITY && size < slots.length / 8) {
            resize(slots.length / 2);
        }
    }

    /** Moves back what a probe would no longer reach across the hole (Knuth 6.4, algorithm R). */
    private void closeGap(int emptied) {
        int mask = slots.length - 1;
        int hole = emptied;
        int next = hole + 1 & mask;
        TraceSummary candidate = slots[next];
        while (candidate != null) {
            int home = home(candidate.traceIdHigh(), candidate.traceIdLow(), mask);
            if ((next - home & mask) >= (next - hole & mask)) {
                slots[hole] = candidate;
                slots[next] = null;
                hole = next;
            }
            next = next + 1 & mask;
            candidate = slots[next];
        }
    }

    void clear() {
        lastOpened = null;
        slots = new TraceSummary[INITIAL_CAPACITY];
        size = 0;
    }

    void forEach(Consumer<TraceSummary> action) {
        for (TraceSummary summary : slots) {
            if (summary != null) {
                action.accept(summary);
            }
        }
    }

    private void resize(int capacity) {
        @Nullable TraceSummary[] old = slots;
        slots = new TraceSummary[capacity];
        for (TraceSummary summary : old) {
            if (summary != null) {
                slots[slotOf(summary.traceIdHigh(), summary.traceIdLow())] = summary;
            }
        }
    }

    /** The slot that holds this id, or the empty one where it belongs. */
    private int slotOf(long traceIdHigh, long traceIdLow) {
        int mask = slots.length - 1;
        int slot = home(traceIdHigh, traceIdLow, mask);
        TraceSummary summary = slots[slot];
        while (summary != null && (summary.traceIdLow() != traceIdLow || summary.traceIdHigh() != traceIdHigh)) {
            slot = slot + 1 & mask;
            summary = slots[slot];
        }
        return slot;
    }

    /** Ids may be counters or padded 64-bit ids, so their bits are mixed before use (finalizer of MurmurHash3). */
    static int home(long high, long low, int mask) {
        long mixed = (high ^ Long.rotateLeft(low, 32)) + low * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return (int) (mixed ^ mixed >>> 33) & mask;
    }
}
