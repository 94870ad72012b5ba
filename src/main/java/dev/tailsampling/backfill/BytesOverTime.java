package dev.tailsampling.backfill;

import dev.tailsampling.selector.SpanHistory.Portion;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many bytes of a table arrived before a time, as if those of a file had arrived at an even rate. Immutable. */
final class BytesOverTime {

    /** Where the rate changes, ascending. */
    private final long[] times;
    /** Bytes before each of these times. */
    private final double[] before;

    /** The bytes of these portions within a range. */
    BytesOverTime(List<Portion> portions, long fromMillisInclusive, long toMillisExclusive) {
        TreeMap<Long, Double> rateChanges = new TreeMap<>();
        rateChanges.put(fromMillisInclusive, 0.0);
        rateChanges.put(toMillisExclusive, 0.0);
        for (Portion portion : portions) {
            long first = Math.max(portion.firstArrivalMillis(), fromMillisInclusive);
            long end = Math.min(portion.lastArrivalMillis(), toMillisExclusive - 1) + 1;
            if (first < end) {
                double rate = within(portion, first, end) / (end - first);
                rateChanges.merge(first, rate, Double::sum);
                rateChanges.merge(end, -rate, Double::sum);
            }
        }
        times = rateChanges.keySet().stream().mapToLong(Long::longValue).toArray();
        before = new double[times.length];
        accumulate(rateChanges);
    }

    private static double within(Portion portion, long first, long end) {
        double length = (double) portion.lastArrivalMillis() - portion.firstArrivalMillis() + 1;
        boolean known = portion.firstArrivalMillis() != Long.MIN_VALUE && portion.lastArrivalMillis() != Long.MAX_VALUE;
        return known ? portion.bytes() * (end - first) / length : portion.bytes();
    }

    private void accumulate(TreeMap<Long, Double> rateChanges) {
        double rate = 0;
        int index = 0;
        for (Map.Entry<Long, Double> change : rateChanges.entrySet()) {
            if (index > 0) {
                before[index] = before[index - 1] + Math.max(0, rate) * (times[index] - times[index - 1]);
            }
            rate += change.getValue();
            index++;
        }
    }

    /** The latest time, at most the end of the range, up to which no more than so many bytes arrived since another. */
    long endOf(long fromMillis, double bytes) {
        double limit = bytesBefore(fromMillis) + bytes;
        int next = firstAbove(limit);
        if (next == times.length) {
            return times[times.length - 1];
        }
        double share = (limit - before[next - 1]) / (before[next] - before[next - 1]);
        return times[next - 1] + Math.round(share * (times[next] - times[next - 1]));
    }

    private double bytesBefore(long millis) {
        int found = Arrays.binarySearch(times, millis);
        if (found >= 0) {
            return before[found];
        }
        int next = -found - 1;
        double share = (double) (millis - times[next - 1]) / (times[next] - times[next - 1]);
        return before[next - 1] + share * (before[next] - before[next - 1]);
    }

    private int firstAbove(double limit) {
        int low = 0;
        int high = before.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (before[middle] > limit) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
