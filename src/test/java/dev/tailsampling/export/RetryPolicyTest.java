package dev.tailsampling.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RetryPolicy POLICY =
            new RetryPolicy(100, SECOND, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(100));

    private final SplittableRandom random = new SplittableRandom(7);

    private Duration backoff(int attempts) {
        return POLICY.pause(attempts, Duration.ZERO, Optional.empty(), random).orElseThrow();
    }

    @Test
    void longestBackoffDoublesUpToItsLimit() {
        List<Long> longest = IntStream.of(1, 2, 3, 4, 5, 60, 99).mapToObj(attempts -> IntStream.range(0, 2_000)
                .mapToLong(i -> backoff(attempts).toMillis()).max().orElseThrow()).toList();

        assertThat(longest).zipSatisfy(List.of(1_000L, 2_000L, 4_000L, 8_000L, 10_000L, 10_000L, 10_000L),
                (found, limit) -> assertThat(found).isBetween(limit * 9 / 10, limit));
    }

    @Test
    void jitterIsFull() {
        assertThat(IntStream.range(0, 2_000).mapToLong(i -> backoff(5).toMillis()))
                .anyMatch(millis -> millis < 100).anyMatch(millis -> millis > 4_900 && millis < 5_100);
    }

    @Test
    void sameSeedGivesTheSamePauses() {
        RetryPolicy policy = RetryPolicy.DEFAULT;

        assertThat(policy.pause(3, SECOND, Optional.empty(), new SplittableRandom(5)))
                .isEqualTo(policy.pause(3, SECOND, Optional.empty(), new SplittableRandom(5)));
    }

    @Test
    void endsWithTheLastAttempt() {
        assertThat(POLICY.pause(99, Duration.ZERO, Optional.of(SECOND), random)).contains(SECOND);
        assertThat(POLICY.pause(100, Duration.ZERO, Optional.of(SECOND), random)).isEmpty();
    }

    @Test
    void endsWhenThePauseWouldGoBeyondTheTime() {
        assertThat(POLICY.pause(1, Duration.ofSeconds(99), Optional.of(SECOND), random)).contains(SECOND);
        assertThat(POLICY.pause(1, Duration.ofMillis(99_001), Optional.of(SECOND), random)).isEmpty();
    }

    @Test
    void pauseAskedForIsCapped() {
        assertThat(POLICY.pause(1, Duration.ZERO, Optional.of(Duration.ofDays(20_000)), random))
                .contains(Duration.ofSeconds(60));
    }

    @Test
    void refusesImpossibleValues() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(0, SECOND, SECOND, SECOND, SECOND))
                .withMessage("at least one attempt is needed: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(1, Duration.ZERO, SECOND, SECOND, SECOND))
                .withMessage("the first backoff must be positive: PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(1, SECOND, Duration.ofMillis(999), SECOND, SECOND))
                .withMessage("the longest backoff PT0.999S is shorter than the first one PT1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(1, SECOND, SECOND, SECOND.negated(), SECOND))
                .withMessage("the longest retry-after must be positive: PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(1, SECOND, SECOND, SECOND, Duration.ZERO))
                .withMessage("the longest time of retries must be positive: PT0S");
    }
}
