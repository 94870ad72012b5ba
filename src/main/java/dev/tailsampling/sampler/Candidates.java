package dev.tailsampling.sampler;

import dev.tailsampling.trace.Threshold;
import java.util.Arrays;

/**
 * Traces that compete for one budget: the randomness and the cost of each. Two columns of numbers, because a window may
 * have many traces. The order of the traces has no meaning. Not thread-safe.
 */
public final class Candidates {

    private long[] randomness = new long[16];
    private long[] costs = new long[16];
    private int size;

    /**
     * Adds a trace.
     *
     * @param traceRandomness R, 0 … 2<sup>56</sup> − 1
     * @param cost what keeping it takes from the budget (spans, bytes), 0 or more
     * @throws IllegalArgumentException if a number is out of its range
     */
    public void add(long traceRandomness, long cost) {
        Checks.require(traceRandomness >= 0 && traceRandomness < Threshold.NEVER.value(),
                "randomness has 56 bits, unlike %s", traceRandomness);
        Checks.require(cost >= 0, "a cost must not be negative: %s", cost);
        if (size == costs.length) {
            randomness = Arrays.copyOf(randomness, 2 * size);
            costs = Arrays.copyOf(costs, 2 * size);
        }
        randomness[size] = traceRandomness;
        costs[size++] = cost;
    }

    /** Number of traces. */
    public int size() {
        return size;
    }

    long randomness(int index) {
        return randomness[index];
    }

    long cost(int index) {
        return costs[index];
    }

    /** The candidates that cost no more than this; later additions do not show in either. */
    Candidates upToCost(long largestCost) {
        Candidates result = new Candidates();
        for (int i = 0; i < size; i++) {
            if (costs[i] <= largestCost) {
                result.add(randomness[i], costs[i]);
            }
        }
        return result;
    }

    void swap(int i, int j) {
        long r = randomness[i];
        randomness[i] = randomness[j];
        randomness[j] = r;
        long cost = costs[i];
        costs[i] = costs[j];
        costs[j] = cost;
    }
}
