package dev.tailsampling.selector;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;

/**
 * Ascending numbers of cycles, kept and written as ranges: "1-500,502". While a destination is away the cycles whose
 * export is unconfirmed are many, one after the other, each commit to the ledger lists them all, and a restart has all
 * those lists in memory. Immutable.
 */
public final class CycleNumbers extends AbstractList<Long> implements RandomAccess {

    /** The first and last number of each range, both inclusive. */
    private final long[] firsts;
    private final long[] lasts;
    /** How many numbers there are up to the end of each range. */
    private final int[] ends;

    private CycleNumbers(List<long[]> ranges) {
        firsts = ranges.stream().mapToLong(range -> range[0]).toArray();
        lasts = ranges.stream().mapToLong(range -> range[1]).toArray();
        ends = new int[firsts.length];
        int size = 0;
        for (int i = 0; i < ends.length; i++) {
            size = Math.addExact(size, Math.toIntExact(lasts[i] - firsts[i] + 1));
            ends[i] = size;
        }
    }

    /** Numbers that ascend. */
    public static CycleNumbers of(Collection<Long> ascending) {
        if (ascending instanceof CycleNumbers same) {
            return same;
        }
        List<long[]> ranges = new ArrayList<>();
        ascending.forEach(number -> add(number, number, ranges));
        return new CycleNumbers(ranges);
    }

    private static void add(long first, long last, List<long[]> ranges) {
        if (last < first) {
            throw new NumberFormatException("a range of cycles ends before it begins: " + first + "-" + last);
        }
        if (!ranges.isEmpty() && ranges.getLast()[1] == first - 1) {
            ranges.getLast()[1] = last;
        } else {
            ranges.add(new long[]{first, last});
        }
    }

    /**
     * Reads the text form. Earlier releases wrote each number alone.
     *
     * @throws NumberFormatException if the text is not of that form
     */
    public static CycleNumbers parse(String text) {
        List<long[]> ranges = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String range : text.split(",", -1)) {
                int dash = range.indexOf('-');
                long first = Long.parseLong(dash < 0 ? range : range.substring(0, dash));
                add(first, dash < 0 ? first : Long.parseLong(range.substring(dash + 1)), ranges);
            }
        }
        return new CycleNumbers(ranges);
    }

    /** The text form; ends are inclusive. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < firsts.length; i++) {
            text.append(i == 0 ? "" : ",").append(firsts[i]);
            if (lasts[i] > firsts[i]) {
                text.append('-').append(lasts[i]);
            }
        }
        return text.toString();
    }

    @Override
    public Long get(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("number " + index + " of " + size());
        }
        int found = Arrays.binarySearch(ends, index + 1);
        int range = found < 0 ? -found - 1 : found;
        return lasts[range] - (ends[range] - index - 1);
    }

    @Override
    public int size() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }
}
