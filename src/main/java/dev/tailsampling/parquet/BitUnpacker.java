package dev.tailsampling.parquet;

/**
 * Unpacks values of 1 to 32 bits, packed from the least significant bit on, in groups of eight: {@code width} bytes a group. Reads whole
 * words, so up to {@link RawPage#SLACK} bytes after the last group must be readable, and writes whole groups.
 */
final class BitUnpacker {

    /** Values that a group has. */
    static final int GROUP = 8;
    /** Up to this width one word holds a group. */
    private static final int NARROW = 8;
    /** Up to this width one word holds half a group. */
    private static final int MIDDLE = 16;

    private BitUnpacker() {}

    static void unpack(byte[] in, int at, int width, int groups, int[] out, int to) {
        if (width <= NARROW) {
            narrow(in, at, width, groups, out, to);
        } else if (width <= MIDDLE) {
            middle(in, at, width, groups, out, to);
        } else {
            wide(in, at, width, groups, out, to);
        }
    }

    /** Values of up to 8 bits, into bytes. */
    static void unpackBytes(byte[] in, int from, int width, int groups, byte[] out, int first) {
        int mask = (1 << width) - 1;
        int at = from;
        int end = first + groups * GROUP;
        for (int to = first; to < end; to += GROUP) {
            long bits = Words.longAt(in, at);
            out[to] = (byte) (bits & mask);
            out[to + 1] = (byte) (bits >>> width & mask);
            out[to + 2] = (byte) (bits >>> 2 * width & mask);
            out[to + 3] = (byte) (bits >>> 3 * width & mask);
            out[to + 4] = (byte) (bits >>> 4 * width & mask);
            out[to + 5] = (byte) (bits >>> 5 * width & mask);
            out[to + 6] = (byte) (bits >>> 6 * width & mask);
            out[to + 7] = (byte) (bits >>> 7 * width & mask);
            at += width;
        }
    }

    private static void narrow(byte[] in, int from, int width, int groups, int[] out, int first) {
        int mask = (1 << width) - 1;
        int at = from;
        int end = first + groups * GROUP;
        for (int to = first; to < end; to += GROUP) {
            long bits = Words.longAt(in, at);
            out[to] = (int) bits & mask;
            out[to + 1] = (int) (bits >>> width) & mask;
            out[to + 2] = (int) (bits >>> 2 * width) & mask;
            out[to + 3] = (int) (bits >>> 3 * width) & mask;
            out[to + 4] = (int) (bits >>> 4 * width) & mask;
            out[to + 5] = (int) (bits >>> 5 * width) & mask;
            out[to + 6] = (int) (bits >>> 6 * width) & mask;
            out[to + 7] = (int) (bits >>> 7 * width) & mask;
            at += width;
        }
    }

    /** The second half of a group begins in the middle of a byte if the width is odd. */
    private static void middle(byte[] in, int from, int width, int groups, int[] out, int first) {
        int mask = (1 << width) - 1;
        int half = width >>> 1;
        int shift = (width & 1) << 2;
        int at = from;
        int end = first + groups * GROUP;
        for (int to = first; to < end; to += GROUP) {
            four(Words.longAt(in, at), width, mask, out, to);
            four(Words.longAt(in, at + half) >>> shift, width, mask, out, to + 4);
            at += width;
        }
    }

    private static void four(long bits, int width, int mask, int[] out, int to) {
        out[to] = (int) bits & mask;
        out[to + 1] = (int) (bits >>> width) & mask;
        out[to + 2] = (int) (bits >>> 2 * width) & mask;
        out[to + 3] = (int) (bits >>> 3 * width) & mask;
    }

    private static void wide(byte[] in, int from, int width, int groups, int[] out, int first) {
        int mask = (int) ((1L << width) - 1);
        long bit = 0;
        int end = first + groups * GROUP;
        for (int to = first; to < end; to++) {
            out[to] = (int) (Words.longAt(in, from + (int) (bit >>> 3)) >>> (bit & 7)) & mask;
            bit += width;
        }
    }
}
