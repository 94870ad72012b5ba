package dev.tailsampling.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Numbers between two bounds, each inclusive or exclusive. Integers compare with all their bits; doubles compare with the
 * doubles nearest to the bounds, so that 0.1 equals 0.1. NaN is in no range.
 *
 * @param min lower bound, null for none
 * @param minInclusive whether the lower bound itself is in the range
 * @param max upper bound, null for none
 * @param maxInclusive whether the upper bound itself is in the range
 */
public record NumberRange(@Nullable BigDecimal min, boolean minInclusive, @Nullable BigDecimal max,
        boolean maxInclusive) {

    private static final BigDecimal LOWEST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal HIGHEST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

    public NumberRange {
        if (min == null && max == null) {
            throw new IllegalArgumentException("a range of numbers needs a bound");
        }
        int order = min == null || max == null ? -1 : min.compareTo(max);
        if (order > 0 || order == 0 && !(minInclusive && maxInclusive)) {
            throw new IllegalArgumentException("no number is within " + describe(min, minInclusive, max, maxInclusive));
        }
        // 1.0 and 1 are one bound: equal ranges share one bit of the summary.
        min = min == null ? null : min.stripTrailingZeros();
        max = max == null ? null : max.stripTrailingZeros();
    }

    /** Numbers ≥ {@code min} and ≤ {@code max}; null for no bound. */
    public static NumberRange closed(@Nullable BigDecimal min, @Nullable BigDecimal max) {
        return new NumberRange(min, true, max, true);
    }

    /** Numbers equal to this one. */
    public static NumberRange exactly(BigDecimal value) {
        return closed(value, value);
    }

    /** Numbers &gt; {@code value}. */
    public static NumberRange above(BigDecimal value) {
        return new NumberRange(value, false, null, false);
    }

    /** Numbers ≥ {@code value}. */
    public static NumberRange atLeast(BigDecimal value) {
        return closed(value, null);
    }

    /** Numbers &lt; {@code value}. */
    public static NumberRange below(BigDecimal value) {
        return new NumberRange(null, false, value, false);
    }

    /** Numbers ≤ {@code value}. */
    public static NumberRange atMost(BigDecimal value) {
        return closed(null, value);
    }

    /** The same range in another unit. */
    public NumberRange times(long factor) {
        BigDecimal by = BigDecimal.valueOf(factor);
        return new NumberRange(min == null ? null : min.multiply(by), minInclusive,
                max == null ? null : max.multiply(by), maxInclusive);
    }

    /** Whether every number of this range is less than every number of the other. */
    public boolean isBelow(NumberRange other) {
        if (max == null || other.min == null) {
            return false;
        }
        int order = max.compareTo(other.min);
        return order < 0 || order == 0 && !(maxInclusive && other.minInclusive);
    }

    /** A range of nanoseconds in milliseconds. */
    NumberRange nanosInMillis() {
        return new NumberRange(min == null ? null : min.movePointLeft(6), minInclusive,
                max == null ? null : max.movePointLeft(6), maxInclusive);
    }

    /** The test of integers and doubles, made once. */
    Bounds bounds() {
        BigDecimal lowest = lowestWhole().max(LOWEST_LONG);
        BigDecimal highest = highestWhole().min(HIGHEST_LONG);
        boolean anyLong = lowest.compareTo(highest) <= 0;
        return new Bounds(anyLong ? lowest.longValueExact() : 1, anyLong ? highest.longValueExact() : 0,
                min == null ? Double.NEGATIVE_INFINITY : min.doubleValue(),
                max == null ? Double.POSITIVE_INFINITY : max.doubleValue(), min == null || minInclusive,
                max == null || maxInclusive);
    }

    private BigDecimal lowestWhole() {
        if (min == null) {
            return LOWEST_LONG;
        }
        return minInclusive
                ? min.setScale(0, RoundingMode.CEILING)
                : min.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE);
    }

    private BigDecimal highestWhole() {
        if (max == null) {
            return HIGHEST_LONG;
        }
        return maxInclusive
                ? max.setScale(0, RoundingMode.FLOOR)
                : max.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE);
    }

    /** {@code "> 5 and <= 7"}. */
    @Override
    public String toString() {
        return describe(min, minInclusive, max, maxInclusive);
    }

    private static String describe(@Nullable BigDecimal min, boolean minInclusive, @Nullable BigDecimal max,
            boolean maxInclusive) {
        if (min != null && max != null && min.compareTo(max) == 0 && minInclusive && maxInclusive) {
            return "= " + min.toPlainString();
        }
        String lower = min == null ? "" : (minInclusive ? ">= " : "> ") + min.toPlainString();
        String upper = max == null ? "" : (maxInclusive ? "<= " : "< ") + max.toPlainString();
        return min == null || max == null ? lower + upper : lower + " and " + upper;
    }

    /** A range of numbers as primitives. */
    record Bounds(long lowest, long highest, double min, double max, boolean minInclusive, boolean maxInclusive) {

        boolean contains(long value) {
            return value >= lowest && value <= highest;
        }

        boolean contains(double value) {
            return (value > min || minInclusive && value == min) && (value < max || maxInclusive && value == max);
        }
    }
}
