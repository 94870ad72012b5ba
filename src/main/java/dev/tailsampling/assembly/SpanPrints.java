package dev.tailsampling.assembly;

import java.util.Arrays;

/**
 * The spans of one trace as 64-bit fingerprints in one array, since an object would cost more than a few spans do. First
 * stands the trace's id. A few fingerprints follow as a list; more of them, after their number, as a hash table with
 * linear probing. Zeros are free places.
 */
final class SpanPrints {

    private static final int LOW = 1;
    private static final int ID = 2;
    /** Searched from end to end in two cache lines or so. */
    private static final int MAX_LISTED = 16;
    private static final int COUNT = ID;
    private static final int TABLE = ID + 1;

    private SpanPrints() {}

    /** A span's fingerprint, never 0; among n spans some two have the same with a probability of about n²·2⁻⁶⁵. */
    static long of(long spanId, int kind, long startUnixNano) {
        long mixed = mixed(mixed(mixed(spanId) + startUnixNano) + kind);
        return mixed == 0 ? 1 : mixed;
    }

    /** A one-to-one function (the finalizer of MurmurHash3). */
    private static long mixed(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }

    /** The set of a trace with its first span. */
    static long[] first(long traceIdHigh, long traceIdLow, long print) {
        return new long[]{traceIdHigh, traceIdLow, print};
    }

    static long traceIdHigh(long[] prints) {
        return prints[0];
    }

    static long traceIdLow(long[] prints) {
        return prints[LOW];
    }

    static boolean contains(long[] prints, long print) {
        return prints[placeOf(prints, print)] == print;
    }

    /** Whether {@link #grown} comes before the next span. */
    static boolean isFull(long[] prints) {
        // At most three quarters full, so that probes stay short.
        return isList(prints) ? prints[prints.length - 1] != 0 : prints[COUNT] >= (prints.length - TABLE) / 4 * 3L;
    }

    /** Adds a span that is not there; the set must not be full. */
    static void add(long[] prints, long print) {
        prints[placeOf(prints, print)] = print;
        if (!isList(prints)) {
            prints[COUNT]++;
        }
    }

    /** Length of the array that this one grows to. */
    static int grownLength(long[] prints) {
        int capacity = prints.length - (isList(prints) ? ID : TABLE);
        int grown = capacity + capacity / 2 + 1;
        return grown <= MAX_LISTED ? ID + grown : TABLE + Math.max(grown, 2 * MAX_LISTED);
    }

    /** The same spans with room for more. */
    static long[] grown(long[] prints) {
        int length = grownLength(prints);
        if (length <= ID + MAX_LISTED) {
            return Arrays.copyOf(prints, length);
        }
        long[] table = Arrays.copyOf(Arrays.copyOf(prints, ID), length);
        for (int i = isList(prints) ? ID : TABLE; i < prints.length; i++) {
            if (prints[i] != 0) {
                add(table, prints[i]);
            }
        }
        return table;
    }

    private static boolean isList(long[] prints) {
        return prints.length <= ID + MAX_LISTED;
    }

    /** Where this span is, else the free place for it, else (in a full list) the last place. */
    private static int placeOf(long[] prints, long print) {
        boolean list = isList(prints);
        int start = list ? ID : TABLE;
        int end = prints.length - 1;
        // The upper half, scaled to the number of places.
        int at = list ? start : start + (int) ((print >>> 32) * (prints.length - TABLE) >>> 32);
        while (prints[at] != 0 && prints[at] != print && (!list || at < end)) {
            at = at == end ? start : at + 1;
        }
        return at;
    }
}
