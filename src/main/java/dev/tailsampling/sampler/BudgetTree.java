package dev.tailsampling.sampler;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Splits one budget among several children, for the traces of one window. The budget is a hard total.
 *
 * <p>
 * The children are served in order. A child's own part is its percentage of the budget, rounded down. It may spend its
 * part and what the children before it left of theirs; the last child may also spend what belongs to nobody. Each child
 * keeps its traces by one {@link BatchThreshold}. It follows that
 * <ul>
 * <li>all children together never spend more than the budget;
 * <li>a child can always spend its own part, whatever the others want;
 * <li>a child's threshold depends on no child after it, and never rises when its percentage does;
 * <li>what is left goes to the next child first, and what the last one leaves is not spent.
 * </ul>
 * A trace competes in one child, the first that wants it. This is the native form of the Collector's {@code composite},
 * whose sub-policies can exceed the total and never use what another leaves.
 *
 * @param children in the order in which they are served
 */
public record BudgetTree(List<Child> children) {

    private static final BigDecimal ALL = BigDecimal.valueOf(100);

    /**
     * A part of the budget.
     *
     * @param name unique in the tree
     * @param percent 0 … 100; 0 for a child that has nothing but what others leave
     */
    public record Child(String name, double percent) {
        public Child {
            if (!(percent >= 0 && percent <= 100)) {
                throw new IllegalArgumentException(
                        "the share of " + name + " must be between 0 and 100 percent, not " + percent);
            }
        }

        private BigDecimal exactPercent() {
            return BigDecimal.valueOf(percent);
        }

        private long ownPart(long budget) {
            return exactPercent().multiply(BigDecimal.valueOf(budget)).divide(ALL, 0, RoundingMode.DOWN)
                    .longValueExact();
        }
    }

    /** @throws IllegalArgumentException if there is no child, two have one name, or they have more than 100 percent */
    public BudgetTree {
        children = List.copyOf(children);
        if (children.isEmpty()) {
            throw new IllegalArgumentException("a budget needs at least one child");
        }
        Set<String> names = new HashSet<>();
        children.forEach(child -> Checks.require(names.add(child.name), "two shares of a budget are called %s",
                child.name));
        BigDecimal sum = children.stream().map(Child::exactPercent).reduce(BigDecimal.ZERO, BigDecimal::add);
        Checks.require(sum.compareTo(ALL) <= 0, "the shares of a budget add up to %s percent, which is more than 100",
                sum);
    }

    /**
     * Finds the threshold of each child.
     *
     * @param budget tokens of this window, 0 or more
     * @param largestCost a trace that costs more does not compete: the burst capacity of the bucket
     * @param candidates of each child, in the order of the children
     * @return one for each child, in the same order
     * @throws IllegalArgumentException if the budget is negative, or the number of lists is not that of the children
     */
    public List<BatchThreshold> split(long budget, long largestCost, List<Candidates> candidates) {
        Checks.require(candidates.size() == children.size(), "there must be as many lists of candidates as children,"
                + " not %s", candidates.size());
        List<BatchThreshold> thresholds = new ArrayList<>();
        long nobodys = budget - children.stream().mapToLong(child -> child.ownPart(budget)).sum();
        long left = 0;
        for (int i = 0; i < children.size(); i++) {
            boolean isLast = i == children.size() - 1;
            left += children.get(i).ownPart(budget) + (isLast ? nobodys : 0);
            BatchThreshold threshold = BatchThreshold.of(candidates.get(i), left, largestCost);
            left -= threshold.keptCost();
            thresholds.add(threshold);
        }
        return thresholds;
    }
}
