package dev.tailsampling.sampler;

import java.time.Duration;
import java.util.Locale;

/** Checks of the records in this package. */
final class Checks {

    private Checks() {}

    /** @throws IllegalArgumentException with the message, if the condition does not hold */
    static void require(boolean condition, String message, Object value) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, message, value));
        }
    }

    /** As the other, without boxing a number that is in order. */
    static void require(boolean condition, String message, long value) {
        if (!condition) {
            require(false, message, (Object) value);
        }
    }

    static void wholeMillis(String name, Duration duration) {
        require(duration.isPositive() && duration.equals(Duration.ofMillis(duration.toMillis())),
                name + " must be a positive number of whole milliseconds, not %s", duration);
    }

    static void goalSampleRate(int rate) {
        require(rate >= 1, "goal sample rate must be at least 1, not %s", rate);
    }

    static void goalThroughput(double perSecond) {
        require(perSecond > 0 && perSecond < Double.POSITIVE_INFINITY,
                "goal throughput must be above 0 per second, not %s", perSecond);
    }

    static void maxKeys(int maxKeys) {
        require(maxKeys >= 1, "max keys must be at least 1, not %s", maxKeys);
    }
}
