package dev.tailsampling.sampler;

import static dev.tailsampling.sampler.KeyedRateVectorsTest.count;
import static dev.tailsampling.sampler.KeyedRateVectorsTest.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.sampler.KeyedSampler.Dynamic;
import dev.tailsampling.sampler.KeyedSampler.EmaDynamic;
import dev.tailsampling.sampler.KeyedSampler.EmaThroughput;
import dev.tailsampling.sampler.KeyedSampler.TotalThroughput;
import dev.tailsampling.sampler.KeyedSampler.WindowedThroughput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The facts are those of the tests of dynsampler-go and of Refinery; vectors are in {@link KeyedRateVectorsTest}. */
class KeyedRatesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MANY = 10_000;

    /** Bursts are off: the facts below are of single intervals. */
    private static MovingAverage average(Duration interval, double weight) {
        return new MovingAverage(interval, weight, weight, -1, 0);
    }

    private static EmaDynamic emaDynamic(int goal, double weight) {
        return new EmaDynamic(goal, average(SECOND, weight), MANY);
    }

    @Test
    void theFirstIntervalHasTheInitialRate() {
        assertThat(Dynamic.of(10).start().rate("key", 1, 0)).isEqualTo(10);
        assertThat(EmaDynamic.of(10).start().rate("key", 1, 0)).isEqualTo(10);
        assertThat(EmaThroughput.of(100).start().rate("key", 1, 0)).isEqualTo(10);
        assertThat(WindowedThroughput.of(100).start().rate("key", 1, 0)).isEqualTo(1);
        assertThat(TotalThroughput.of(100).start().rate("key", 1, 0)).isEqualTo(1);
        assertThat(EmaDynamic.of(10).start().ratesInForce()).isEmpty();
    }

    @Test
    void aKeyNeverSeenIsKeptOnceThereIsData() {
        for (KeyedSampler sampler : List.of(Dynamic.of(10), EmaDynamic.of(10), EmaThroughput.of(100))) {
            KeyedRates rates = sampler.start();
            rates.rate("key", 1000, 0);
            assertThat(rates.rate("other", 1, 60_000)).as("%s", sampler).isEqualTo(1);
        }
    }

    @Test
    void intervalsAreMultiplesOfTheirLengthSinceTheEpoch() {
        KeyedRates rates = new TotalThroughput(1, Duration.ofSeconds(10), MANY).start();
        rates.rate("key", 100, 1_700_000_009_999L);
        assertThat(rates.rate("key", 100, 1_700_000_010_000L)).isEqualTo(10);
        assertThat(rates.rate("key", 50, 1_700_000_019_999L)).isEqualTo(10);
        assertThat(rates.rate("key", 1, 1_700_000_020_000L)).isEqualTo(15);
    }

    @Test
    void timeNeverGoesBack() {
        KeyedRates rates = new TotalThroughput(1, Duration.ofSeconds(10), MANY).start();
        rates.rate("key", 100, 10_000);
        assertThat(rates.rate("key", 200, 25_000)).isEqualTo(10);
        assertThat(rates.rate("key", 300, 11_000)).as("as if at 25 s").isEqualTo(10);
        assertThat(rates.rate("key", 1, 30_000)).isEqualTo(50);
    }

    @Test
    void averagesMoveByTheirWeight() {
        double average = 0;
        MovingAverage settings = MovingAverage.ofWeight(SECOND, 0.2);
        List<Integer> values = List.of(463, 176, 345, 339, 197, 387);
        List<Integer> expected = List.of(93, 109, 156, 193, 194, 232);
        for (int i = 0; i < values.size(); i++) {
            average = settings.average(average, values.get(i));
            assertThat(Math.round(average)).isEqualTo((long) expected.get(i));
        }
    }

    @Test
    void sporadicKeysLeaveTheRestToTheSteadyOne() {
        KeyedRates dynamic = new Dynamic(20, SECOND, MANY).start();
        KeyedRates rates = emaDynamic(20, 0.2).start();
        KeyedRates throughput = new EmaThroughput(10, 10, average(SECOND, 0.2), MANY).start();
        for (int i = 0; i <= 101; i++) {
            dynamic.rate("largest_count", 20, i * 1000L);
            rates.rate("largest_count", 20, i * 1000L);
            throughput.rate("largest_count", 40, i * 1000L);
            for (int j = 0; j < 5; j++) {
                dynamic.rate("k" + i + "-" + j, 1, i * 1000L);
                rates.rate("k" + i + "-" + j, 1, i * 1000L);
                throughput.rate("k" + i + "-" + j, 1, i * 1000L);
            }
        }
        assertThat(dynamic.ratesInForce()).containsEntry("largest_count", 16);
        assertThat(rates.ratesInForce()).containsEntry("largest_count", 16);
        assertThat(throughput.ratesInForce()).containsEntry("largest_count", 4);
    }

    @Test
    void keysThatAreNotSeenForLongAreForgotten() {
        KeyedRates rates = settled(emaDynamic(20, 0.2), Map.of("foo", 500));
        assertThat(rates.ratesInForce()).containsOnlyKeys("foo");
        for (int i = 102; i < 202; i++) {
            rates.rate("asdf", 1, i * 1000L);
        }
        rates.rate("asdf", 1, 202_000);
        assertThat(rates.ratesInForce()).containsOnlyKeys("asdf");
    }

    @Test
    void intervalsWithoutTrafficDoNotChangeAMovingAverage() {
        KeyedRates rates = settled(emaDynamic(20, 0.2), Map.of("one", 1000, "two", 7000));
        Map<String, Integer> before = rates.ratesInForce();
        KeyedRates later = emaDynamic(20, 0.2).start();
        for (int i = 0; i <= 100; i++) {
            count(later, Map.of("one", 1000, "two", 7000), i * 60_000L);
        }
        later.rate("one", 1, 101 * 60_000L);
        assertThat(later.ratesInForce()).isEqualTo(before);
    }

    @Test
    void anIntervalWithoutTrafficClearsTheOtherSamplers() {
        for (KeyedSampler sampler : List.of(new Dynamic(10, SECOND, MANY), new TotalThroughput(1, SECOND, MANY))) {
            KeyedRates rates = sampler.start();
            rates.rate("key", 1000, 0);
            assertThat(rates.rate("key", 1, 1000)).as("%s", sampler).isGreaterThan(1);
            assertThat(rates.rate("key", 1, 3000)).as("%s", sampler).isEqualTo(1);
        }
    }

    @Test
    void rareKeysOnlyAreAllKept() {
        assertThat(settled(new Dynamic(20, SECOND, MANY), Map.of("a", 1, "b", 1)).ratesInForce())
                .isEqualTo(Map.of("a", 1, "b", 1));
        assertThat(settled(new EmaThroughput(1, 10, average(SECOND, 0.5), MANY), Map.of("a", 1))
                .ratesInForce()).isEqualTo(Map.of("a", 1));
    }

    /** Half of 1000 is the average, so that 1000 more in an interval are a burst. */
    @Test
    void aBurstIsTakenInAtOnceAfterTheDelay() {
        for (int delay : new int[]{1, 2}) {
            KeyedRates rates = new EmaDynamic(10, new MovingAverage(SECOND, 0.5, 0.5, 2, delay), MANY).start();
            rates.rate("foo", 1000, 0);
            for (int i = 0; i < 999; i++) {
                assertThat(rates.rate("bar", 1, 1000)).isEqualTo(1);
            }
            assertThat(rates.ratesInForce()).containsOnlyKeys("foo");
            assertThat(rates.rate("bar", 1, 1000)).as("the rate before the burst").isEqualTo(1);
            assertThat(rates.ratesInForce().containsKey("bar")).as("delay %s", delay).isEqualTo(delay == 1);
        }
    }

    @Test
    void aWholeIntervalFollowsABurst() {
        KeyedRates rates = new EmaDynamic(10, new MovingAverage(SECOND, 0.5, 0.5, 2, 1), MANY).start();
        rates.rate("foo", 1000, 0);
        rates.rate("bar", 1000, 1900);
        Map<String, Integer> afterBurst = rates.ratesInForce();
        assertThat(afterBurst).containsKey("bar");
        rates.rate("baz", 1, 2899);
        assertThat(rates.ratesInForce()).isEqualTo(afterBurst);
        rates.rate("baz", 1, 2900);
        assertThat(rates.ratesInForce()).containsKey("baz");
    }

    @Test
    void aNegativeMultipleFindsNoBurst() {
        KeyedRates rates = new EmaDynamic(10, average(SECOND, 0.5), MANY).start();
        rates.rate("foo", 10, 0);
        rates.rate("foo", 10, 5000);
        rates.rate("bar", 1_000_000, 5000);
        assertThat(rates.ratesInForce()).containsOnlyKeys("foo");
    }

    @Test
    void theWindowMovesOnWithEveryUpdate() {
        KeyedRates rates = new WindowedThroughput(2, SECOND, Duration.ofSeconds(5), MANY).start();
        assertThat(rates.rate("key", 20, 0)).isEqualTo(1);
        assertThat(rates.rate("key", 10, 1000)).isEqualTo(2);
        assertThat(rates.rate("key", 50, 2000)).isEqualTo(3);
        assertThat(rates.rate("key", 40, 6000)).as("the first 20 are out").isEqualTo(6);
        assertThat(rates.rate("key", 5, 7000)).isEqualTo(9);
        assertThat(rates.rate("key", 5, 7500)).isEqualTo(9);
    }

    @Test
    void whatLeftTheWindowIsForgotten() {
        KeyedRates rates = new WindowedThroughput(2, SECOND, Duration.ofSeconds(5), MANY).start();
        rates.rate("key", 200, 0);
        assertThat(rates.rate("other", 1, 5000)).isEqualTo(1);
        assertThat(rates.ratesInForce()).containsOnlyKeys("key");
        assertThat(rates.rate("key", 1, 6000)).isEqualTo(1);
        assertThat(rates.ratesInForce()).containsOnlyKeys("other");
        assertThat(rates.rate("key", 1, 60_000)).isEqualTo(1);
        assertThat(rates.ratesInForce()).isEmpty();
    }

    static Stream<KeyedSampler> ofThreeKeys() {
        return Stream.of(new Dynamic(10, SECOND, 3), new EmaDynamic(10, average(SECOND, 0.5), 3),
                new EmaThroughput(1, 10, average(SECOND, 0.5), 3), new TotalThroughput(1, SECOND, 3),
                new WindowedThroughput(1, SECOND, SECOND, 3));
    }

    @ParameterizedTest
    @MethodSource("ofThreeKeys")
    void onlySoManyKeysAreCounted(KeyedSampler sampler) {
        KeyedRates rates = sampler.start();
        for (String key : List.of("one", "two", "three", "four", "one", "four")) {
            rates.rate(key, 50, 0);
        }
        rates.rate("one", 1, 1000);
        assertThat(rates.ratesInForce()).containsOnlyKeys("one", "two", "three");
        assertThat(rates.ratesInForce().get("one")).as("keys that are known are counted on")
                .isGreaterThan(rates.ratesInForce().get("two"));
    }

    @Test
    void theKeysOfAWindowAreThoseOfAllItsIntervals() {
        KeyedRates rates = new WindowedThroughput(1, SECOND, Duration.ofSeconds(2), 2).start();
        rates.rate("a", 10, 0);
        rates.rate("b", 10, 1000);
        rates.rate("c", 10, 1000);
        rates.rate("a", 10, 1000);
        rates.rate("a", 1, 2000);
        assertThat(rates.ratesInForce()).containsOnlyKeys("a", "b");
        rates.rate("c", 10, 5000);
        rates.rate("c", 10, 6000);
        assertThat(rates.ratesInForce()).containsOnlyKeys("c");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void aTraceWeighsSomething(long weight) {
        assertThatIllegalArgumentException().isThrownBy(() -> Dynamic.of(1).start().rate("key", weight, 0))
                .withMessageContaining("weighs at least 1");
    }

}
