package dev.tailsampling.selector;

/**
 * Locations of spans in one partition of a topic: a location is a stretch of {@value #RECORDS} offsets, so a trace of
 * many records that came together has few locations.
 */
public final class OffsetLocations {

    private static final int BITS = 8;
    /** Offsets in one location. */
    public static final int RECORDS = 1 << BITS;

    private OffsetLocations() {}

    /**
     * The location of a record.
     *
     * @param offset at least 0
     * @throws ArithmeticException from offset 549,755,813,888 on
     */
    public static int of(long offset) {
        return Math.toIntExact(offset >>> BITS);
    }

    /** How many offsets of its location come before this one. */
    static int within(long offset) {
        return (int) (offset & RECORDS - 1);
    }

    /** The first offset of a location. */
    public static long firstOffset(int location) {
        return (long) location << BITS;
    }

    /** The offset after the last one of a location. */
    public static long endOffsetExclusive(int location) {
        return firstOffset(location) + RECORDS;
    }
}
