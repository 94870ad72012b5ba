package dev.tailsampling.parquet;

import java.util.Arrays;

/** The definition or repetition levels of a page's entries: the same for all, or one for each. The array is reused. */
final class Levels {

    /** Levels are kept as bytes. */
    static final int MAX = Byte.MAX_VALUE;

    private byte[] each = {};
    private boolean uniform = true;
    private int all;

    int at(int entry) {
        return uniform ? all : each[entry];
    }

    boolean isUniform() {
        return uniform;
    }

    void setAll(int level) {
        uniform = true;
        all = level;
    }

    /** The array to be filled, with room for whole groups of bits. */
    byte[] array(int entries) {
        uniform = false;
        if (each.length < entries + BitUnpacker.GROUP) {
            each = new byte[entries + BitUnpacker.GROUP];
        }
        return each;
    }

    /** How many of the first {@code entries} have this level. */
    int count(int entries, int level) {
        if (uniform) {
            return all == level ? entries : 0;
        }
        int count = 0;
        for (int i = 0; i < entries; i++) {
            count += each[i] == level ? 1 : 0;
        }
        return count;
    }

    boolean exceeds(int entries, int max) {
        if (uniform) {
            return all > max;
        }
        int largest = 0;
        for (int i = 0; i < entries; i++) {
            largest = Math.max(largest, each[i]);
        }
        return largest > max;
    }

    /** Writes where each entry of level 0 stands, that is where each row begins, and gives their number. */
    int rowStarts(int entries, int[] starts) {
        int rows = 0;
        for (int i = 0; i < entries; i++) {
            starts[rows] = i;
            rows += each[i] == 0 ? 1 : 0;
        }
        return rows;
    }

    /** Puts the entries {@code from} to {@code to} of a page after the {@code before} that are here. */
    void append(int before, Levels other, int from, int to) {
        int count = to - from;
        if (uniform || each.length < before + count) {
            spread(before, before + count);
        }
        if (other.uniform) {
            Arrays.fill(each, before, before + count, (byte) other.all);
        } else {
            System.arraycopy(other.each, from, each, before, count);
        }
    }

    private void spread(int before, int needed) {
        each = Arrays.copyOf(each, Math.max(needed, 2 * before));
        if (uniform) {
            Arrays.fill(each, 0, before, (byte) all);
        }
        uniform = false;
    }
}
