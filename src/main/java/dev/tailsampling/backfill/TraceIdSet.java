package dev.tailsampling.backfill;

/** A set of trace ids in 32 to 64 bytes each: open addressing with linear probing over pairs of words. Not thread-safe. */
final class TraceIdSet {

    private static final int INITIAL_CAPACITY = 1 << 10;

    /** High word, then low word; two zeros stand for an empty slot. */
    private long[] words = new long[2 * INITIAL_CAPACITY];
    private int size;
    private boolean hasZero;

    /** Adds an id; false if it was there already. */
    boolean add(long high, long low) {
        if ((high | low) == 0) {
            boolean isNew = !hasZero;
            hasZero = true;
            return isNew;
        }
        int slot = slotOf(high, low);
        if ((words[slot] | words[slot + 1]) != 0) {
            return false;
        }
        words[slot] = high;
        words[slot + 1] = low;
        size++;
        if (size > words.length / 4) {
            grow();
        }
        return true;
    }

    boolean contains(long high, long low) {
        if ((high | low) == 0) {
            return hasZero;
        }
        int slot = slotOf(high, low);
        return (words[slot] | words[slot + 1]) != 0;
    }

    int size() {
        return size + (hasZero ? 1 : 0);
    }

    private void grow() {
        long[] old = words;
        words = new long[old.length * 2];
        for (int slot = 0; slot < old.length; slot += 2) {
            if ((old[slot] | old[slot + 1]) != 0) {
                int moved = slotOf(old[slot], old[slot + 1]);
                words[moved] = old[slot];
                words[moved + 1] = old[slot + 1];
            }
        }
    }

    /** Index of the high word of the id, or of the empty slot where it belongs. */
    private int slotOf(long high, long low) {
        int mask = words.length - 1;
        int slot = home(high, low) & mask;
        while ((words[slot] | words[slot + 1]) != 0 && (words[slot] != high || words[slot + 1] != low)) {
            slot = slot + 2 & mask;
        }
        return slot;
    }

    /** Ids may be counters or padded 64-bit ids, so their bits are mixed. Even. */
    private static int home(long high, long low) {
        long mixed = (high ^ Long.rotateLeft(low, 32)) * 0x9E3779B97F4A7C15L + low;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        return (int) (mixed ^ mixed >>> 33) & ~1;
    }
}
