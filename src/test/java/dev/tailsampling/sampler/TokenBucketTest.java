package dev.tailsampling.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single facts are those of the Collector's tests of rate and bytes limiting. */
class TokenBucketTest {

    private static final long NOW = 1_700_000_000_123L;

    @Test
    void startsFullAndIsEmptyAfterABurst() {
        TokenBucket bucket = new RateLimit(3, 3).start();
        assertThat(bucket.tryTake(3, NOW)).isTrue();
        assertThat(bucket.tryTake(1, NOW)).isFalse();
        assertThat(bucket.tryTake(0, NOW)).isTrue();
    }

    @Test
    void moreThanTheBurstNeverPasses() {
        TokenBucket bucket = new RateLimit(3, 2).start();
        assertThat(bucket.tryTake(3, NOW)).isFalse();
        assertThat(bucket.tryTake(3, NOW + 1_000_000)).isFalse();
        assertThat(bucket.tryTake(2, NOW + 1_000_000)).isTrue();
    }

    @Test
    void savesUpTwoSecondsByDefault() {
        TokenBucket bucket = RateLimit.of(2).start();
        for (int i = 0; i < 4; i++) {
            assertThat(bucket.tryTake(1, NOW)).isTrue();
        }
        assertThat(bucket.tryTake(1, NOW)).isFalse();
        assertThat(bucket.burstCapacity()).isEqualTo(4);
    }

    @Test
    void refillsWithoutPause() {
        TokenBucket bucket = new RateLimit(200, 100).start();
        assertThat(bucket.tryTake(100, NOW)).isTrue();
        assertThat(bucket.tryTake(100, NOW + 499)).isFalse();
        assertThat(bucket.tryTake(100, NOW + 500)).isTrue();
    }

    @Test
    void aRateThatDividesNoMillisecondLosesNothing() {
        TokenBucket bucket = new RateLimit(3, 10).start();
        bucket.refill(NOW);
        bucket.spend(10);
        for (int millis = 1; millis <= 1000; millis++) {
            bucket.refill(NOW + millis);
        }
        assertThat(bucket.availableTokens()).isEqualTo(3);
    }

    @Test
    void budgetsOfWindowsAreWholeTokens() {
        TokenBucket bucket = new RateLimit(5, 8).start();
        bucket.refill(NOW);
        assertThat(bucket.availableTokens()).isEqualTo(8);
        bucket.spend(8);
        bucket.refill(NOW + 900);
        assertThat(bucket.availableTokens()).isEqualTo(4);
        bucket.spend(1);
        bucket.refill(NOW + 1000);
        assertThat(bucket.availableTokens()).isEqualTo(4);
        bucket.refill(NOW + 100_000);
        assertThat(bucket.availableTokens()).isEqualTo(8);
    }

    @Test
    void timeNeverGoesBack() {
        TokenBucket bucket = new RateLimit(10, 10).start();
        assertThat(bucket.tryTake(10, NOW)).isTrue();
        assertThat(bucket.tryTake(1, NOW - 5000)).isFalse();
        assertThat(bucket.tryTake(1, NOW + 99)).isFalse();
        assertThat(bucket.tryTake(1, NOW + 100)).isTrue();
    }

    @Test
    void theLargestLimitsDoNotOverflow() {
        TokenBucket bucket = new RateLimit(1L << 53, 1L << 53).start();
        assertThat(bucket.tryTake(1L << 53, 0)).isTrue();
        bucket.refill(Long.MAX_VALUE / 2);
        assertThat(bucket.availableTokens()).isEqualTo(1L << 53);
        assertThat(new RateLimit(0, 5).start().tryTake(5, NOW)).isTrue();
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.of(Long.MAX_VALUE));
        TokenBucket bucket = new RateLimit(1, 1).start();
        assertThatIllegalArgumentException().isThrownBy(() -> bucket.spend(2)).withMessageContaining("2 tokens");
        assertThatIllegalArgumentException().isThrownBy(() -> bucket.tryTake(-1, NOW));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimit(1, 1).restore(CompositeAllocation.ofPercents(1, List.of(0L))
                        .start().snapshot()))
                .withMessageContaining("start it anew");
    }

    @Test
    void aSmallerCapacityCutsWhatWasSavedUp() {
        TokenBucket bucket = new RateLimit(1, 100).start();
        bucket.refill(NOW);
        assertThat(new RateLimit(1, 10).restore(bucket.snapshot()).availableTokens()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void neverPassesMoreThanTheRateAndTheBurstAndSurvivesRestarts(long seed) {
        Random random = new Random(seed);
        RateLimit limit = new RateLimit(1 + random.nextInt(50), 1 + random.nextInt(80));
        TokenBucket uninterrupted = limit.start();
        TokenBucket restarted = limit.start();
        long time = NOW;
        long passed = 0;
        for (int i = 0; i < 3000; i++) {
            time += random.nextInt(40);
            long cost = random.nextInt(10);
            boolean took = uninterrupted.tryTake(cost, time);
            restarted = limit.restore(restarted.snapshot());
            assertThat(restarted.tryTake(cost, time)).as("seed %s, step %s", seed, i).isEqualTo(took);
            passed += took ? cost : 0;
            assertThat(passed * 1000).as("seed %s, step %s", seed, i)
                    .isLessThanOrEqualTo(limit.burstCapacity() * 1000 + limit.tokensPerSecond() * (time - NOW));
        }
    }
}
