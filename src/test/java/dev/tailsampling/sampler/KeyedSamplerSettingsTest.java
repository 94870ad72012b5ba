package dev.tailsampling.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.sampler.KeyedSampler.Dynamic;
import dev.tailsampling.sampler.KeyedSampler.EmaDynamic;
import dev.tailsampling.sampler.KeyedSampler.EmaThroughput;
import dev.tailsampling.sampler.KeyedSampler.TotalThroughput;
import dev.tailsampling.sampler.KeyedSampler.WindowedThroughput;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Refinery's defaults, and what no sampler can have. */
class KeyedSamplerSettingsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);

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

    private static void assertRefused(ThrowingCallable call, String part) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(part);
    }
}
