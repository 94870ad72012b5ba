package dev.tailsampling.lake;

/**
 * Tells most trace ids that are not in a set, without an object and mostly without leaving the processor's cache: a bit
 * for each id, several times as many bits as ids. Trace ids are random in their low half. Not thread-safe.
 */
final class TraceIdFilter {

    private static final int BITS_PER_ID = 16;
    private static final long MIXER = 0x9E3779B97F4A7C15L;

    private final long[] bits;
    private final int shift;

    /** For about so many ids. */
    TraceIdFilter(int ids) {
        int logBits = Math.max(6, Long.SIZE - Long.numberOfLeadingZeros((long) ids * BITS_PER_ID));
        logBits = Math.min(logBits, Integer.SIZE - 2);
        bits = new long[1 << logBits - 6];
        shift = Long.SIZE - logBits;
    }

    void add(long high, long low) {
        int bit = bit(high, low);
        bits[bit >>> 6] |= 1L << bit;
    }

    /** False if the id was not added. */
    boolean mayHave(long high, long low) {
        int bit = bit(high, low);
        return (bits[bit >>> 6] & 1L << bit) != 0;
    }

    private int bit(long high, long low) {
        return (int) ((low ^ high * 31) * MIXER >>> shift);
    }
}
