package dev.tailsampling.generate;

import java.util.ArrayList;
import java.util.List;

/**
 * A distribution given by some of its quantiles; between two of them it is linear. Immutable.
 *
 * @param points rising in share and never falling in value; the first has share 0, the last share 1
 */
public record Quantiles(List<Point> points) {

    /**
     * One quantile.
     *
     * @param share share of all values that are not above {@code value}, 0 … 1
     * @param value not negative
     */
    public record Point(double share, double value) {
        public Point {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("the share of a quantile lies between 0 and 1: " + share);
            }
            if (!(value >= 0 && value <= Long.MAX_VALUE)) {
                throw new IllegalArgumentException("the value of a quantile must not be negative: " + value);
            }
        }
    }

    public Quantiles {
        points = List.copyOf(points);
        if (points.isEmpty() || points.getFirst().share() != 0) {
            throw new IllegalArgumentException("quantiles start with the least value, at share 0: " + points);
        }
        for (int i = 1; i < points.size(); i++) {
            Point before = points.get(i - 1);
            if (points.get(i).share() <= before.share() || points.get(i).value() < before.value()) {
                throw new IllegalArgumentException("quantiles must rise: " + points.get(i) + " after " + before);
            }
        }
    }

    /** Starts with the least value; add the others with {@link #to}, the greatest at share 1. */
    public static Quantiles from(double least) {
        return new Quantiles(List.of(new Point(0, least)));
    }

    /** The same with one more quantile above those given so far. */
    public Quantiles to(double share, double value) {
        List<Point> more = new ArrayList<>(points);
        more.add(new Point(share, value));
        return new Quantiles(more);
    }

    /** The greatest value. */
    public double max() {
        return points.getLast().value();
    }

    /** The quantile at a share of 0 … 1. */
    public double at(double share) {
        for (int i = 1; i < points.size(); i++) {
            Point above = points.get(i);
            if (share <= above.share()) {
                Point below = points.get(i - 1);
                double part = (share - below.share()) / (above.share() - below.share());
                return below.value() + part * (above.value() - below.value());
            }
        }
        return max();
    }
}
