package dev.tailsampling.generate;

/**
 * Repeatable random numbers (SplitMix64). Keys are derived from keys, so any part of a trace can be made again without
 * what came before it; that is why traces in flight need almost no memory. Not thread-safe.
 */
final class Dice {

    private static final long STEP = 0x9e3779b97f4a7c15L;

    private long state;

    Dice(long key) {
        state = key;
    }

    /** The key of the part {@code number} of what {@code key} stands for. Distinct numbers give distinct keys. */
    static long key(long key, long number) {
        return mix(key + (number + 1) * STEP);
    }

    /** Permutes all 64-bit numbers. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    /** Any 64-bit number. */
    long next() {
        state += STEP;
        return mix(state);
    }

    /** A number from 0, inclusive, to 1, exclusive. */
    double share() {
        return (next() >>> 11) * 0x1p-53;
    }

    /** True with this probability; never for 0, always for 1. */
    boolean chance(double probability) {
        return share() < probability;
    }

    /** A number from 0, inclusive, to {@code bound}, exclusive. */
    int below(int bound) {
        return (int) ((next() >>> 32) * bound >>> 32);
    }

    /** A number from {@code low} to {@code high}, both inclusive. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }
}
