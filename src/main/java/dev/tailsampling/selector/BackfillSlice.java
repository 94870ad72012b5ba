package dev.tailsampling.selector;

import org.jspecify.annotations.Nullable;

/**
 * A part of a backfill that is read and decided in one cycle.
 *
 * @param number from 1 without gaps; also the number of its cycle
 * @param fromMillisInclusive rows that arrived from then on, milliseconds since the epoch
 * @param untilMillisExclusive and before then; the next slice begins here
 * @param counts what it brought, null as long as it is not done
 */
public record BackfillSlice(int number, long fromMillisInclusive, long untilMillisExclusive,
        @Nullable Counts counts) {

    /**
     * What a slice brought.
     *
     * @param tracesDecided traces decided
     * @param tracesSampled of them the sampled ones
     * @param tracesExportedBefore of them those left out of the export, as they had been exported before
     * @param spansExported spans that the exporters took
     */
    public record Counts(long tracesDecided, long tracesSampled, long tracesExportedBefore, long spansExported) {

        /** Nothing. */
        public static final Counts NONE = new Counts(0, 0, 0, 0);

        /** Both together. */
        public Counts plus(Counts other) {
            return new Counts(tracesDecided + other.tracesDecided, tracesSampled + other.tracesSampled,
                    tracesExportedBefore + other.tracesExportedBefore, spansExported + other.spansExported);
        }
    }

    public BackfillSlice {
        if (number < 1 || fromMillisInclusive >= untilMillisExclusive) {
            throw new IllegalArgumentException("no slice: number " + number + ", from " + fromMillisInclusive
                    + " until " + untilMillisExclusive);
        }
    }

    /** A slice that is not done. */
    public BackfillSlice(int number, long fromMillisInclusive, long untilMillisExclusive) {
        this(number, fromMillisInclusive, untilMillisExclusive, null);
    }

    /** Whether it is done. */
    public boolean isDone() {
        return counts != null;
    }

    /** This slice, done. */
    public BackfillSlice done(Counts brought) {
        return new BackfillSlice(number, fromMillisInclusive, untilMillisExclusive, brought);
    }
}
