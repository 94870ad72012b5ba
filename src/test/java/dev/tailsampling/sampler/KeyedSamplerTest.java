package dev.tailsampling.sampler;

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
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The facts are those of the tests of dynsampler-go and of Refinery; more vectors are in {@code SamplerCasesTest}. */
class KeyedSamplerTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
    private static final int MANY = 10_000;

    /** Bursts are off: the facts below are of single intervals. */
    private static MovingAverage average(Duration interval, double weight) {
        return new MovingAverage(interval, weight, weight, -1, 0);
    }

    private static EmaDynamic emaDynamic(int goal, double weight) {
        return new EmaDynamic(goal, average(SECOND, weight), MANY);
    }

    private static void count(KeyedRates rates, Map<String, Integer> counts, long timeMillis) {
        counts.forEach((key, count) -> rates.rate(key, count, timeMillis));
    }

    /** Counts the same traffic in many intervals, which makes the moving average equal to it. */
    private static KeyedRates settled(KeyedSampler sampler, Map<String, Integer> counts, Duration interval) {
        KeyedRates rates = sampler.start();
        for (int i = 0; i <= 100; i++) {
            count(rates, counts, i * interval.toMillis());
        }
        rates.rate("the next interval", 1, 101 * interval.toMillis());
        return rates;
    }

    static Stream<Arguments> averageVectors() {
        Map<String, Integer> single = new TreeMap<>(Map.of("one", 10));
        Map<String, Integer> singleRates = new TreeMap<>(Map.of("one", 7));
        for (String key : List.of("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
                "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
                "twenty")) {
            single.put(key, 1);
            singleRates.put(key, 1);
        }
        return Stream.of(
                Arguments.of(
                        Map.of("one", 1, "two", 1, "three", 2, "four", 5, "five", 8, "six", 15, "seven", 45, "eight",
                                612, "nine", 2000, "ten", 10000),
                        Map.of("one", 1, "two", 1, "three", 1, "four", 1, "five", 1, "six", 1, "seven", 1, "eight", 6,
                                "nine", 14, "ten", 47)),
                Arguments.of(
                        Map.of("one", 1, "two", 1, "three", 2, "four", 5, "five", 8, "six", 15, "seven", 45, "eight",
                                50, "nine", 60),
                        Map.of("one", 1, "two", 1, "three", 2, "four", 5, "five", 8, "six", 11, "seven", 24, "eight",
                                26, "nine", 30)),
                Arguments.of(Map.of("one", 1, "two", 1, "three", 2, "four", 5, "five", 7),
                        Map.of("one", 1, "two", 1, "three", 2, "four", 5, "five", 7)),
                Arguments.of(Map.of("one", 1000, "two", 1000, "three", 2000, "four", 5000, "five", 7000),
                        Map.of("one", 7, "two", 7, "three", 13, "four", 29, "five", 39)),
                Arguments.of(Map.of("one", 6000, "two", 6000, "three", 6000, "four", 6000, "five", 6000),
                        Map.of("one", 20, "two", 20, "three", 20, "four", 20, "five", 20)),
                Arguments.of(Map.of("one", 12000), Map.of("one", 20)),
                Arguments.of(single, singleRates));
    }

    @ParameterizedTest
    @MethodSource("averageVectors")
    void dynamicAndMovingAverageAgreeOnSteadyTraffic(Map<String, Integer> counts, Map<String, Integer> expected) {
        assertThat(settled(new Dynamic(20, SECOND, MANY), counts, SECOND).ratesInForce()).isEqualTo(expected);
        assertThat(settled(emaDynamic(20, 0.2), counts, SECOND).ratesInForce()).isEqualTo(expected);
    }

    static Stream<Arguments> totalVectors() {
        return Stream.of(
                Arguments.of(
                        Map.of("one", 1, "two", 1, "three", 2, "four", 5, "five", 8, "six", 15, "seven", 45, "eight",
                                612, "nine", 2000, "ten", 10000),
                        Map.of("one", 1, "two", 1, "three", 1, "four", 1, "five", 1, "six", 1, "seven", 1, "eight", 10,
                                "nine", 33, "ten", 166)),
                Arguments.of(Map.of("one", 1000, "two", 1000, "three", 2000, "four", 5000, "five", 7000),
                        Map.of("one", 8, "two", 8, "three", 16, "four", 41, "five", 58)),
                Arguments.of(Map.of("one", 6000, "two", 6000, "three", 6000, "four", 6000, "five", 6000),
                        Map.of("one", 50, "two", 50, "three", 50, "four", 50, "five", 50)),
                Arguments.of(Map.of("one", 12000), Map.of("one", 20)));
    }

    @ParameterizedTest
    @MethodSource("totalVectors")
    void totalThroughputGivesEachKeyThePart(Map<String, Integer> counts, Map<String, Integer> expected) {
        KeyedRates rates = TotalThroughput.of(20).start();
        count(rates, counts, 0);
        rates.rate("next", 1, HALF_MINUTE.toMillis());
        assertThat(rates.ratesInForce()).isEqualTo(expected);
    }

    static Stream<Arguments> allSamplers() {
        MovingAverage everySecond = MovingAverage.ofWeight(SECOND, 0.5);
        return Stream.of(
                Arguments.of(new Dynamic(10, SECOND, MANY), List.of(1, 1, 1, 1, 2, 4, 9, 21)),
                Arguments.of(new EmaDynamic(10, everySecond, MANY), List.of(1, 1, 1, 1, 2, 4, 9, 21)),
                Arguments.of(new TotalThroughput(5, SECOND, MANY), List.of(1, 4, 14, 43, 129, 388, 1166, 3499)),
                Arguments.of(new WindowedThroughput(100, Duration.ofMillis(100), SECOND, MANY),
                        List.of(1, 1, 1, 2, 6, 19, 58, 174)),
                Arguments.of(new EmaThroughput(100, 10, everySecond, MANY), List.of(1, 1, 2, 3, 6, 13, 31, 77)),
                Arguments.of(new EmaThroughput(100_000, 10, everySecond, MANY), List.of(1, 1, 1, 1, 1, 1, 1, 1)));
    }

    /** Eight keys, each with three times the traffic of the one before, in eight rounds. */
    @ParameterizedTest
    @MethodSource("allSamplers")
    void settlesOnKnownRates(KeyedSampler sampler, List<Integer> expected) {
        KeyedRates rates = sampler.start();
        List<String> keys = List.of("arm", "bag", "bed", "bee", "box", "boy", "cat", "cow");
        List<Integer> last = List.of();
        for (int round = 0; round < 8; round++) {
            long time = round * 1010;
            last = keys.stream().map(key -> rates.rate(key, (int) Math.pow(3, keys.indexOf(key)), time)).toList();
        }
        assertThat(last).isEqualTo(expected);
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
        KeyedRates rates = settled(emaDynamic(20, 0.2), Map.of("foo", 500), SECOND);
        assertThat(rates.ratesInForce()).containsOnlyKeys("foo");
        for (int i = 102; i < 202; i++) {
            rates.rate("asdf", 1, i * 1000L);
        }
        rates.rate("asdf", 1, 202_000);
        assertThat(rates.ratesInForce()).containsOnlyKeys("asdf");
    }

    @Test
    void intervalsWithoutTrafficDoNotChangeAMovingAverage() {
        KeyedRates rates = settled(emaDynamic(20, 0.2), Map.of("one", 1000, "two", 7000), SECOND);
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
        assertThat(settled(new Dynamic(20, SECOND, MANY), Map.of("a", 1, "b", 1), SECOND).ratesInForce())
                .isEqualTo(Map.of("a", 1, "b", 1));
        assertThat(settled(new EmaThroughput(1, 10, average(SECOND, 0.5), MANY), Map.of("a", 1), SECOND)
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

    @Test
    void hasRefinerysDefaults() {
        assertThat(MovingAverage.DEFAULT).isEqualTo(new MovingAverage(Duration.ofSeconds(15), 0.5, 0.5, 2, 3));
        assertThat(Dynamic.of(7)).isEqualTo(new Dynamic(7, HALF_MINUTE, 500));
        assertThat(EmaDynamic.of(7)).isEqualTo(new EmaDynamic(7, MovingAverage.DEFAULT, 500));
        assertThat(EmaThroughput.of(7)).isEqualTo(new EmaThroughput(7, 10, MovingAverage.DEFAULT, 500));
        assertThat(WindowedThroughput.of(7)).isEqualTo(new WindowedThroughput(7, SECOND, HALF_MINUTE, 500));
        assertThat(TotalThroughput.of(7)).isEqualTo(new TotalThroughput(7, HALF_MINUTE, 500));
        assertThat(WindowedThroughput.of(7, Duration.ofSeconds(2)).lookbackFrequency())
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(new WindowedThroughput(1, Duration.ofSeconds(5), Duration.ofSeconds(18), 1).lookbackFrequency())
                .as("whole intervals").isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void refusesWhatCannotBe() {
        assertRefused(() -> Dynamic.of(0), "goal sample rate");
        assertRefused(() -> EmaDynamic.of(-1), "goal sample rate");
        assertRefused(() -> EmaThroughput.of(0), "goal throughput");
        assertRefused(() -> WindowedThroughput.of(Double.NaN), "goal throughput");
        assertRefused(() -> TotalThroughput.of(Double.POSITIVE_INFINITY), "goal throughput");
        assertRefused(() -> new EmaThroughput(1, 0, MovingAverage.DEFAULT, 1), "initial sample rate");
        assertRefused(() -> new EmaDynamic(1, MovingAverage.DEFAULT, 0), "max keys");
        assertRefused(() -> new Dynamic(1, Duration.ZERO, 1), "clear frequency");
        assertRefused(() -> new Dynamic(1, Duration.ofNanos(1_500_000), 1), "whole milliseconds");
        assertRefused(() -> new WindowedThroughput(1, SECOND, Duration.ofMillis(999), 1), "lookback frequency");
        assertRefused(() -> MovingAverage.ofWeight(SECOND, 0), "weight");
        assertRefused(() -> MovingAverage.ofWeight(SECOND, 1.1), "weight");
        assertRefused(() -> new MovingAverage(SECOND, 0.5, 0, 2, 3), "age out value");
        assertRefused(() -> new MovingAverage(SECOND, 0.5, 0.5, 0, 3), "burst multiple");
        assertRefused(() -> new MovingAverage(SECOND, 0.5, 0.5, Double.NaN, 3), "burst multiple");
        assertRefused(() -> new MovingAverage(SECOND, 0.5, 0.5, 2, -1), "burst detection delay");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void aTraceWeighsSomething(long weight) {
        assertRefused(() -> Dynamic.of(1).start().rate("key", weight, 0), "weighs at least 1");
    }

    private static void assertRefused(ThrowingCallable call, String part) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(part);
    }
}
