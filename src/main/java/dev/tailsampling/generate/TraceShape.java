package dev.tailsampling.generate;

/**
 * How many spans traces have and how long they take.
 *
 * @param spans spans of a trace, at least 1
 * @param tail the few traces with more spans than {@code spans} allows
 * @param durationMillis duration of a trace, or of each of its bursts, in milliseconds
 * @param pauses the traces that fall silent in between
 */
public record TraceShape(Quantiles spans, Tail tail, Quantiles durationMillis, Pauses pauses) {

    /**
     * Heavy tail of the span counts: a Pareto distribution of exponent 1 that starts at the greatest ordinary count, so
     * twice as many spans are half as frequent.
     *
     * @param share share of the traces that belong to the tail, 0 … 1
     * @param maxSpans where the tail is cut off, inclusive, at least 1
     */
    public record Tail(double share, int maxSpans) {

        /** No tail. */
        public static final Tail NONE = new Tail(0, 1);

        public Tail {
            checkShare("the share of traces in the tail", share);
            if (maxSpans < 1) {
                throw new IllegalArgumentException("a trace has at least one span, not " + maxSpans);
            }
        }
    }

    /**
     * Traces made of several bursts with silence in between, during which no span of the trace ends.
     *
     * @param share share of the traces that pause, 0 … 1
     * @param maxBursts most bursts of such a trace, inclusive, at least 2; the least is 2
     * @param silenceSeconds length of each silence in seconds
     */
    public record Pauses(double share, int maxBursts, Quantiles silenceSeconds) {

        /** No trace pauses. */
        public static final Pauses NONE = new Pauses(0, 2, Quantiles.from(0));

        public Pauses {
            checkShare("the share of traces that pause", share);
            if (maxBursts < 2) {
                throw new IllegalArgumentException("a trace that pauses has at least 2 bursts, not " + maxBursts);
            }
        }
    }

    public TraceShape {
        if (spans.at(0) < 1 || spans.max() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a trace has from 1 to 2147483647 spans: " + spans);
        }
    }

    /** The same with another tail. */
    public TraceShape withTail(Tail other) {
        return new TraceShape(spans, other, durationMillis, pauses);
    }

    /** The same with other pauses. */
    public TraceShape withPauses(Pauses other) {
        return new TraceShape(spans, tail, durationMillis, other);
    }

    static void checkShare(String what, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(what + " lies between 0 and 1: " + share);
        }
    }

    /** Spans of the trace that stands at {@code rank}, 0 … 1, among the ordinary ones. */
    int spans(double rank, Dice dice) {
        if (dice.chance(tail.share())) {
            double pareto = spans.max() / (1 - dice.share());
            return (int) Math.min(pareto, Math.max(tail.maxSpans(), spans.max()));
        }
        return (int) Math.round(spans.at(rank));
    }

    /** Duration in nanoseconds, at least a microsecond. */
    long durationNanos(double rank) {
        return Math.max(1_000, (long) (durationMillis.at(rank) * 1e6));
    }

    int bursts(Dice dice) {
        return dice.chance(pauses.share()) ? dice.between(2, pauses.maxBursts()) : 1;
    }

    long silenceNanos(Dice dice) {
        return (long) (pauses.silenceSeconds().at(dice.share()) * 1e9);
    }
}
