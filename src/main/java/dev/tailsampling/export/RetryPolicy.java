package dev.tailsampling.export;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When to try a request again: exponential backoff with full jitter, or what the destination asked for.
 *
 * @param maxAttempts attempts in all, at least 1; 1 tries nothing again
 * @param firstBackoff longest pause after the first attempt; the longest pause doubles with each attempt
 * @param maxBackoff where doubling ends
 * @param maxRetryAfter a destination that asks for a longer pause gets this one
 * @param maxElapsed no pause goes beyond this time since the first attempt began
 */
public record RetryPolicy(int maxAttempts, Duration firstBackoff, Duration maxBackoff, Duration maxRetryAfter,
        Duration maxElapsed) {

    /** Six attempts within two minutes. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(6, Duration.ofSeconds(1), Duration.ofSeconds(30),
            Duration.ofMinutes(1), Duration.ofMinutes(2));

    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("at least one attempt is needed: " + maxAttempts);
        }
        requirePositive("first backoff", firstBackoff);
        requirePositive("longest retry-after", maxRetryAfter);
        requirePositive("longest time of retries", maxElapsed);
        if (maxBackoff.compareTo(firstBackoff) < 0) {
            throw new IllegalArgumentException(
                    "the longest backoff " + maxBackoff + " is shorter than the first one " + firstBackoff);
        }
    }

    private static void requirePositive(String what, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("the " + what + " must be positive: " + value);
        }
    }

    /**
     * The pause before the next attempt, or empty if there should be none.
     *
     * @param attempts attempts made, at least 1
     * @param elapsed time since the first one began
     * @param retryAfter what the destination asked for
     */
    Optional<Duration> pause(int attempts, Duration elapsed, Optional<Duration> retryAfter, RandomGenerator random) {
        if (attempts >= maxAttempts) {
            return Optional.empty();
        }
        Duration pause = retryAfter.map(asked -> min(asked, maxRetryAfter)).orElseGet(() -> backoff(attempts, random));
        return elapsed.plus(pause).compareTo(maxElapsed) > 0 ? Optional.empty() : Optional.of(pause);
    }

    /** Full jitter: anything from nothing to the longest, so that many senders do not come back together. */
    private Duration backoff(int attempts, RandomGenerator random) {
        // Bounded, so that the factor cannot overflow.
        Duration doubled = firstBackoff.multipliedBy(1L << Math.min(attempts - 1, 30));
        return Duration.ofMillis(random.nextLong(min(doubled, maxBackoff).toMillis() + 1));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
