package dev.tailsampling.otlp;

import java.time.Duration;

/**
 * Which similar spans become one.
 *
 * @param minCount so many are joined, fewer stay; at least 2
 * @param window how long after the first of them the last may start, inclusive
 * @param maxSpanDuration spans that lasted longer stay
 */
public record SpanCompression(int minCount, Duration window, Duration maxSpanDuration) {

    public SpanCompression {
        if (minCount < 2) {
            throw new IllegalArgumentException("at least 2 spans can be joined, not " + minCount);
        }
        if (window.isNegative() || maxSpanDuration.isNegative()) {
            throw new IllegalArgumentException(
                    "a window of " + window + " and spans of up to " + maxSpanDuration + " must not be negative");
        }
    }
}
