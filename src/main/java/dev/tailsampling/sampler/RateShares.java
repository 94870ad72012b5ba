package dev.tailsampling.sampler;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * The rate arithmetic of dynsampler-go's average, moving average and moving throughput samplers: each key may keep a
 * share of the goal in proportion to the logarithm of its count, so that rare keys are kept whole and frequent ones are
 * thinned; what a key does not need is shared by the keys after it.
 */
final class RateShares {

    private RateShares() {}

    /** Sum of the counts, each being at least 1. */
    static double total(SortedMap<String, Double> counts) {
        double total = 0;
        for (double count : counts.values()) {
            total += Math.max(1, count);
        }
        return total;
    }

    /**
     * The rate of each key.
     *
     * @param counts by key in {@link CodePointOrder}, for rounding makes the order of the keys matter
     * @param goalCount how much of the total is to be kept
     */
    static Map<String, Integer> of(SortedMap<String, Double> counts, double goalCount) {
        double logarithms = 0;
        for (double count : counts.values()) {
            logarithms += logarithm(Math.max(1, count));
        }
        double goalPerLogarithm = goalCount / logarithms;
        Map<String, Integer> rates = new HashMap<>();
        double extra = 0;
        int remaining = counts.size();
        for (Map.Entry<String, Double> entry : counts.entrySet()) {
            double count = Math.max(1, entry.getValue());
            double extraForKey = extra / remaining;
            double goal = Math.max(1, logarithm(count) * goalPerLogarithm) + extraForKey;
            int rate = rate(count, goal);
            rates.put(entry.getKey(), rate);
            extra = extra - extraForKey + (goal - count / rate);
            remaining--;
        }
        return rates;
    }

    /** If no key occurs more than once, there is no logarithm to share by, the goal is not a number, and all are kept. */
    private static int rate(double count, double goal) {
        return count <= goal || Double.isNaN(goal) ? 1 : (int) Math.ceil(count / goal);
    }

    /** StrictMath, for rates must not depend on the machine. */
    private static double logarithm(double count) {
        return StrictMath.log10(count);
    }
}
