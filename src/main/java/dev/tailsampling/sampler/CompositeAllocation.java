package dev.tailsampling.sampler;

import java.util.List;

/**
 * What the sub-policies of the Collector's {@code composite} policy may keep in a second.
 *
 * @param maxTotalSpans in the Collector a limit for each sub-policy, not for their sum; 0 or more
 * @param subSpans the allocation of each sub-policy, in the order in which they are tried; 0 or more each
 */
public record CompositeAllocation(long maxTotalSpans, List<Long> subSpans) {

    public CompositeAllocation {
        Checks.require(maxTotalSpans >= 0, "max_total_spans_per_second must not be negative: %s", maxTotalSpans);
        subSpans = List.copyOf(subSpans);
        subSpans.forEach(spans -> Checks.require(spans >= 0, "a sub-policy's allocation must not be negative: %s",
                spans));
    }

    /**
     * Allocates by percentages of the maximum, in the Collector's arithmetic of doubles.
     *
     * @param percents one for each sub-policy; 0 or less for an equal share of the maximum, whatever the others have
     */
    public static CompositeAllocation ofPercents(long maxTotalSpans, List<Long> percents) {
        double equalShare = (double) maxTotalSpans / percents.size();
        return new CompositeAllocation(maxTotalSpans, percents.stream()
                .map(percent -> (long) (percent > 0 ? percent / 100.0 * maxTotalSpans : equalShare)).toList());
    }

    /** With nothing kept yet. */
    public CompositeBudget start() {
        return new CompositeBudget(this);
    }

    /**
     * A budget as it was when the snapshot was taken.
     *
     * @throws IllegalArgumentException if the snapshot is damaged, of another release or kind, or of another number of
     * sub-policies
     */
    public CompositeBudget restore(byte[] snapshot) {
        CompositeBudget budget = start();
        budget.restore(snapshot);
        return budget;
    }
}
