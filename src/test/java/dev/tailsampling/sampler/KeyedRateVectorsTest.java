package dev.tailsampling.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.sampler.KeyedSampler.Dynamic;
import dev.tailsampling.sampler.KeyedSampler.EmaDynamic;
import dev.tailsampling.sampler.KeyedSampler.EmaThroughput;
import dev.tailsampling.sampler.KeyedSampler.TotalThroughput;
import dev.tailsampling.sampler.KeyedSampler.WindowedThroughput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors are those of the tests of dynsampler-go; more are in {@code SamplerCasesTest}. */
class KeyedRateVectorsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
    private static final int MANY = 10_000;

    static void count(KeyedRates rates, Map<String, Integer> counts, long timeMillis) {
        counts.forEach((key, count) -> rates.rate(key, count, timeMillis));
    }

    /** Counts the same traffic in many intervals, which makes a moving average equal to it. */
    static KeyedRates settled(KeyedSampler sampler, Map<String, Integer> counts) {
        KeyedRates rates = sampler.start();
        for (int i = 0; i <= 100; i++) {
            count(rates, counts, i * SECOND.toMillis());
        }
        rates.rate("the next interval", 1, 101 * SECOND.toMillis());
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
        assertThat(settled(new Dynamic(20, SECOND, MANY), counts).ratesInForce()).isEqualTo(expected);
        assertThat(settled(new EmaDynamic(20, new MovingAverage(SECOND, 0.2, 0.2, -1, 0), MANY), counts)
                .ratesInForce()).isEqualTo(expected);
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

    @ParameterizedTest
    @MethodSource("allSamplers")
    void neitherTheOrderNorTheCutOfAnIntervalsTrafficMatters(KeyedSampler sampler) {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            KeyedRates whole = sampler.start();
            KeyedRates cut = sampler.start();
            for (int interval = 0; interval < 3; interval++) {
                List<String> spans = new ArrayList<>();
                for (int key = 0; key < 30; key++) {
                    int weight = 1 + random.nextInt(100);
                    whole.rate("key-" + key, weight, interval * 1000L);
                    spans.addAll(Collections.nCopies(weight, "key-" + key));
                }
                Collections.shuffle(spans, random);
                long time = interval * 1000L;
                spans.forEach(key -> cut.rate(key, 1, time));
            }
            whole.rate("next", 1, 3000);
            cut.rate("next", 1, 3000);
            assertThat(cut.ratesInForce()).as("seed %s", seed).hasSize(30).isEqualTo(whole.ratesInForce());
            assertThat(cut.snapshot()).as("seed %s", seed).isEqualTo(whole.snapshot());
        }
    }
}
