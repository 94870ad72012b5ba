package dev.tailsampling.sampler;

import dev.tailsampling.trace.Threshold;

/**
 * The threshold that lets candidates of one window spend a budget: the traces of highest randomness are kept, down to the
 * first that the budget cannot pay. Traces below it are not kept even if they are cheap, for only then the kept traces
 * are exactly those with {@code R >= T}. (The Collector's {@code rate_limiting} with tracestate; E. Ting, "Adaptive
 * Threshold Sampling".)
 *
 * <p>
 * In other words: T is the lowest threshold at which all that is kept fits the budget. Traces of equal randomness are
 * kept or dropped together. T is 0 when everything fits, and 2<sup>56</sup> when nothing would be kept.
 *
 * @param threshold T, 0 … 2<sup>56</sup>
 * @param largestCost a trace that costs more is never kept, and did not compete
 * @param keptCost what the kept traces cost together, at most the budget
 */
public record BatchThreshold(long threshold, long largestCost, long keptCost) {

    private static final long HIGHEST_BIT = Threshold.NEVER.value() >>> 1;

    /**
     * Finds the threshold. Takes a few passes over the candidates, and for any values at most 56.
     *
     * @param budget tokens that may be spent, 0 or more
     * @param largestCost a trace that costs more does not compete: the burst capacity of the bucket
     * @throws IllegalArgumentException if the budget is negative
     */
    public static BatchThreshold of(Candidates candidates, long budget, long largestCost) {
        Checks.require(budget >= 0, "a budget must not be negative: %s", budget);
        return new Search(candidates.upToCost(largestCost), budget).run(largestCost);
    }

    /** Whether a trace that competed is kept. */
    public boolean keeps(long randomness, long cost) {
        return randomness >= threshold && cost <= largestCost;
    }

    /**
     * Looks for the highest value L of which the traces with {@code R >= L} cost too much, bit by bit from the highest;
     * T is one more. Only candidates between those that are kept for certain and those that are dropped for certain are
     * looked at again, and they are moved to stand together.
     */
    private static final class Search {

        private final Candidates candidates;
        private final long budget;
        private int from;
        private int to;
        private long spent;

        Search(Candidates candidates, long budget) {
            this.candidates = candidates;
            this.budget = budget;
            this.to = candidates.size();
        }

        BatchThreshold run(long largestCost) {
            long unpayable = 0;
            long all = cost(0, to);
            if (all <= budget) {
                return new BatchThreshold(0, largestCost, all);
            }
            for (long bit = HIGHEST_BIT; bit != 0; bit >>>= 1) {
                int middle = moveUp(unpayable | bit);
                long more = cost(from, middle);
                if (more > budget - spent) {
                    unpayable |= bit;
                    to = middle;
                } else {
                    spent += more;
                    from = middle;
                }
            }
            return new BatchThreshold(from == 0 ? Threshold.NEVER.value() : unpayable + 1, largestCost, spent);
        }

        /** Moves the candidates with {@code R >= value} to the front, and returns where they end. */
        private int moveUp(long value) {
            int middle = from;
            for (int i = from; i < to; i++) {
                if (candidates.randomness(i) >= value) {
                    candidates.swap(i, middle++);
                }
            }
            return middle;
        }

        /** Sum of the costs; {@link Long#MAX_VALUE} if it is larger. */
        private long cost(int start, int end) {
            long sum = 0;
            for (int i = start; i < end; i++) {
                sum += candidates.cost(i);
                if (sum < 0) {
                    return Long.MAX_VALUE;
                }
            }
            return sum;
        }
    }
}
