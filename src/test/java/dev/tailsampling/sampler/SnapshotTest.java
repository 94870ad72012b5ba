package dev.tailsampling.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.sampler.KeyedSampler.Dynamic;
import dev.tailsampling.sampler.KeyedSampler.EmaDynamic;
import dev.tailsampling.sampler.KeyedSampler.EmaThroughput;
import dev.tailsampling.sampler.KeyedSampler.TotalThroughput;
import dev.tailsampling.sampler.KeyedSampler.WindowedThroughput;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** State that is written and read back, and the bytes it is written to. */
class SnapshotTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final List<String> KEYS = List.of("", "GET•,/cart", "żółć", "😀", "\ud800", "a", "b", "c", "d", "e");

    static Stream<KeyedSampler> samplers() {
        MovingAverage average = new MovingAverage(SECOND, 0.3, 0.2, 2, 1);
        return Stream.of(new Dynamic(10, SECOND, 7), new EmaDynamic(10, average, 7),
                new EmaThroughput(5, 3, average, 7), new TotalThroughput(5, SECOND, 7),
                new WindowedThroughput(5, SECOND, Duration.ofSeconds(4), 7));
    }

    static Stream<Arguments> samplersAndSeeds() {
        return samplers()
                .flatMap(sampler -> LongStream.rangeClosed(1, 4).mapToObj(seed -> Arguments.of(sampler, seed)));
    }

    @ParameterizedTest
    @MethodSource("samplersAndSeeds")
    void aRestartAtAnyPointChangesNothing(KeyedSampler sampler, long seed) {
        Random random = new Random(seed);
        KeyedRates uninterrupted = sampler.start();
        KeyedRates restarted = sampler.start();
        long time = 1_700_000_000_000L;
        for (int i = 0; i < 2000; i++) {
            time += random.nextInt(100) == 0 ? random.nextInt(9000) : random.nextInt(200) - 20;
            String key = KEYS.get((int) Math.abs(random.nextGaussian() * 4) % KEYS.size());
            long weight = 1 + random.nextInt(random.nextInt(50) == 0 ? 2000 : 20);
            if (random.nextInt(4) == 0) {
                restarted = sampler.restore(restarted.snapshot());
            }
            int expected = uninterrupted.rate(key, weight, time);
            assertThat(restarted.rate(key, weight, time)).as("seed %s, step %s", seed, i).isEqualTo(expected);
            assertThat(restarted.snapshot()).as("seed %s, step %s", seed, i).isEqualTo(uninterrupted.snapshot());
        }
        assertThat(restarted.ratesInForce()).isEqualTo(uninterrupted.ratesInForce());
    }

    @Test
    void theGoalMayChangeWithARestart() {
        KeyedRates rates = new Dynamic(20, SECOND, 10).start();
        rates.rate("one", 12000, 0);
        assertThat(rates.rate("one", 1, 1000)).isEqualTo(20);
        assertThat(new Dynamic(40, SECOND, 10).restore(rates.snapshot()).rate("one", 1, 1001)).isEqualTo(40);
    }

    @Test
    void aWindowMayBecomeShorterWithARestart() {
        KeyedRates rates = new WindowedThroughput(1, SECOND, Duration.ofSeconds(10), 10).start();
        rates.rate("old", 100, 0);
        rates.rate("new", 100, 5000);
        rates.rate("new", 1, 6000);
        assertThat(new WindowedThroughput(1, SECOND, Duration.ofSeconds(2), 10).restore(rates.snapshot())
                .ratesInForce()).containsOnlyKeys("new");
    }

    @Test
    void anotherIntervalOrKindIsRefused() {
        byte[] snapshot = new Dynamic(20, SECOND, 10).start().snapshot();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Dynamic(20, Duration.ofSeconds(2), 10).restore(snapshot))
                .withMessageContaining("1000 ms").withMessageContaining("2000 ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TotalThroughput(20, SECOND, 10).restore(snapshot))
                .withMessageContaining("kind A");
    }

    @Test
    void anotherReleaseIsRefused() {
        StateWriter writer = new StateWriter('A');
        byte[] snapshot = writer.finish();
        snapshot[0]++;
        int checksum = StateWriter.checksum(snapshot, 2);
        for (int i = 0; i < 4; i++) {
            snapshot[2 + i] = (byte) (checksum >>> 8 * (3 - i));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new StateReader(snapshot, 'A'))
                .withMessageContaining("another release");
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void everyDamageIsFound(KeyedSampler sampler) {
        KeyedRates rates = sampler.start();
        KEYS.forEach(key -> rates.rate(key, 3, 0));
        KEYS.forEach(key -> rates.rate(key, 3, 1000));
        byte[] whole = rates.snapshot();
        for (int i = 0; i < whole.length; i++) {
            byte[] cut = Arrays.copyOf(whole, i);
            assertThatIllegalArgumentException().as("cut at %s", i).isThrownBy(() -> sampler.restore(cut));
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[i] ^= (byte) (1 << bit);
                assertThatIllegalArgumentException().as("bit %s of byte %s", bit, i)
                        .isThrownBy(() -> sampler.restore(flipped)).withMessageContaining("start it anew");
            }
        }
    }

    @Test
    void whatIsWrittenIsReadBack() {
        StateWriter writer = new StateWriter('x');
        long[] numbers = {0, 1, 127, 128, 16_383, 16_384, Long.MAX_VALUE, -1, Long.MIN_VALUE};
        Arrays.stream(numbers).forEach(writer::number);
        double[] fractions = {0, -0.0, Math.PI, Double.MIN_VALUE, Double.NEGATIVE_INFINITY};
        Arrays.stream(fractions).forEach(writer::fraction);
        KEYS.forEach(writer::text);
        byte[] bytes = writer.finish();

        StateReader reader = new StateReader(bytes, 'x');
        for (long number : numbers) {
            assertThat(reader.number()).isEqualTo(number);
        }
        for (double fraction : fractions) {
            assertThat(Double.doubleToLongBits(reader.fraction())).isEqualTo(Double.doubleToLongBits(fraction));
        }
        KEYS.forEach(key -> assertThat(reader.text()).isEqualTo(key));
        reader.finish();
        assertThatIllegalArgumentException().as("no more is there").isThrownBy(reader::number);
        assertThatIllegalArgumentException().as("not all was read")
                .isThrownBy(() -> new StateReader(bytes, 'x').finish());
    }

    @Test
    void isCompact() {
        KeyedRates rates = EmaDynamic.of(10).start();
        for (int i = 0; i < 500; i++) {
            rates.rate("GET /api/v1/resource-" + i, 100, 0);
        }
        rates.rate("GET /api/v1/resource-1", 1, 15_000);
        assertThat(rates.snapshot().length).isLessThan(500 * (25 + 10));
    }
}
