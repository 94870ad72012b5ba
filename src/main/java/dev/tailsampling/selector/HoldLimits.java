package dev.tailsampling.selector;

import java.time.Duration;

/**
 * What a selector that reads spans as they come may hold of open traces.
 *
 * @param maxTraces traces whose spans are in memory, at least 1
 * @param maxSpans their spans, at least 1
 * @param handOverAfter a trace that has been open for longer is handed over, in time of the source; positive
 * @param whenFull what becomes of the oldest traces when there are more
 */
public record HoldLimits(int maxTraces, int maxSpans, Duration handOverAfter, WhenFull whenFull) {

    /** What becomes of traces that memory has no room for. */
    public enum WhenFull {
        /** Their spans are given up and read again if the trace is kept. */
        HAND_OVER,
        /** They are decided at once: their spans could not be read again. */
        DECIDE
    }

    public HoldLimits {
        if (maxTraces < 1 || maxSpans < 1 || !handOverAfter.isPositive()) {
            throw new IllegalArgumentException("there must be room for a trace, a span and some time: " + maxTraces
                    + " traces, " + maxSpans + " spans, " + handOverAfter);
        }
    }
}
