package dev.tailsampling.sampler;

import java.time.Duration;

/**
 * A sampler that gives each key of traffic its own rate, so that rare keys are kept and frequent ones are thinned. The
 * five are Refinery's, with the arithmetic of dynsampler-go; {@code of} has Refinery's defaults. Immutable.
 *
 * <p>
 * All of them limit the number of keys: at most {@code maxKeys} are counted in an interval (for
 * {@link WindowedThroughput}, in the window); others get the rate of a key never seen, until there is room.
 */
public sealed interface KeyedSampler {

    /** Refinery's limit on the number of keys. */
    int DEFAULT_MAX_KEYS = 500;

    /** Rates with nothing counted yet. */
    default KeyedRates start() {
        return switch (this) {
            case Dynamic s -> new MovingAverageRates(MovingAverage.ofLastInterval(s.clearFrequency), true,
                    s.goalSampleRate, s.maxKeys, total -> total / s.goalSampleRate);
            case EmaDynamic s -> new MovingAverageRates(s.average, false, s.goalSampleRate, s.maxKeys,
                    total -> total / s.goalSampleRate);
            case EmaThroughput s -> new MovingAverageRates(s.average, false, s.initialSampleRate, s.maxKeys,
                    total -> s.goalThroughputPerSecond * seconds(s.average.adjustmentInterval()));
            case WindowedThroughput s -> new WindowRates(s.updateFrequency.toMillis(), s.intervals(),
                    s.goalThroughputPerSecond * seconds(s.lookbackFrequency), s.maxKeys);
            case TotalThroughput s -> new WindowRates(s.clearFrequency.toMillis(), 1,
                    s.goalThroughputPerSecond * seconds(s.clearFrequency), s.maxKeys);
        };
    }

    /**
     * Rates as they were when the snapshot was taken. The goal may have changed since then, the interval may not.
     *
     * @throws IllegalArgumentException if the snapshot is damaged, of another release or kind, or of another interval
     */
    default KeyedRates restore(byte[] snapshot) {
        KeyedRates rates = start();
        rates.restore(snapshot);
        return rates;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /**
     * Keeps one trace in {@code goalSampleRate} on average, from the counts of the last interval: Refinery's
     * {@code DynamicSampler}. The first interval has the goal as its rate; after an interval without traffic every key
     * is kept.
     *
     * @param goalSampleRate at least 1
     * @param clearFrequency the interval
     * @param maxKeys at least 1
     */
    record Dynamic(int goalSampleRate, Duration clearFrequency, int maxKeys) implements KeyedSampler {

        public static final Duration DEFAULT_CLEAR_FREQUENCY = Duration.ofSeconds(30);

        public Dynamic {
            Checks.goalSampleRate(goalSampleRate);
            Checks.wholeMillis("clear frequency", clearFrequency);
            Checks.maxKeys(maxKeys);
        }

        /** With Refinery's defaults. */
        public static Dynamic of(int goalSampleRate) {
            return new Dynamic(goalSampleRate, DEFAULT_CLEAR_FREQUENCY, DEFAULT_MAX_KEYS);
        }
    }

    /**
     * As {@link Dynamic}, from a moving average of the counts: Refinery's {@code EMADynamicSampler}. The first interval
     * has the goal as its rate; intervals without traffic change nothing.
     *
     * @param goalSampleRate at least 1
     * @param average how past intervals are remembered
     * @param maxKeys at least 1
     */
    record EmaDynamic(int goalSampleRate, MovingAverage average, int maxKeys) implements KeyedSampler {

        public EmaDynamic {
            Checks.goalSampleRate(goalSampleRate);
            Checks.maxKeys(maxKeys);
        }

        /** With Refinery's defaults. */
        public static EmaDynamic of(int goalSampleRate) {
            return new EmaDynamic(goalSampleRate, MovingAverage.DEFAULT, DEFAULT_MAX_KEYS);
        }
    }

    /**
     * Keeps a number of spans per second, shared by the keys as in {@link EmaDynamic}: Refinery's
     * {@code EMAThroughputSampler}. A goal, not a limit: no key's rate leaves it without a trace.
     *
     * @param goalThroughputPerSecond weight to keep per second, above 0
     * @param initialSampleRate the rate of the first interval, at least 1
     * @param average how past intervals are remembered
     * @param maxKeys at least 1
     */
    record EmaThroughput(double goalThroughputPerSecond, int initialSampleRate, MovingAverage average, int maxKeys)
            implements
                KeyedSampler {

        public static final int DEFAULT_INITIAL_SAMPLE_RATE = 10;

        public EmaThroughput {
            Checks.goalThroughput(goalThroughputPerSecond);
            Checks.require(initialSampleRate >= 1, "initial sample rate must be at least 1, not %s", initialSampleRate);
            Checks.maxKeys(maxKeys);
        }

        /** With Refinery's defaults. */
        public static EmaThroughput of(double goalThroughputPerSecond) {
            return new EmaThroughput(goalThroughputPerSecond, DEFAULT_INITIAL_SAMPLE_RATE, MovingAverage.DEFAULT,
                    DEFAULT_MAX_KEYS);
        }
    }

    /**
     * Keeps a number of spans per second, the same for each key, from the counts of a window that moves on with every
     * update: Refinery's {@code WindowedThroughputSampler}. A key outside the window is kept.
     *
     * @param goalThroughputPerSecond weight to keep per second, above 0
     * @param updateFrequency the interval
     * @param lookbackFrequency length of the window; rounded down to whole intervals, of which it must have one
     * @param maxKeys at least 1
     */
    record WindowedThroughput(double goalThroughputPerSecond, Duration updateFrequency, Duration lookbackFrequency,
            int maxKeys) implements KeyedSampler {

        public static final Duration DEFAULT_UPDATE_FREQUENCY = Duration.ofSeconds(1);
        private static final int DEFAULT_INTERVALS = 30;

        public WindowedThroughput {
            Checks.goalThroughput(goalThroughputPerSecond);
            Checks.wholeMillis("update frequency", updateFrequency);
            Checks.require(lookbackFrequency.compareTo(updateFrequency) >= 0,
                    "lookback frequency must be at least the update frequency, not %s", lookbackFrequency);
            lookbackFrequency = updateFrequency.multipliedBy(lookbackFrequency.dividedBy(updateFrequency));
            Checks.maxKeys(maxKeys);
        }

        /** With Refinery's defaults: a window of 30 intervals. */
        public static WindowedThroughput of(double goalThroughputPerSecond) {
            return of(goalThroughputPerSecond, DEFAULT_UPDATE_FREQUENCY);
        }

        /** With Refinery's defaults for all but the interval: a window of 30 intervals. */
        public static WindowedThroughput of(double goalThroughputPerSecond, Duration updateFrequency) {
            return new WindowedThroughput(goalThroughputPerSecond, updateFrequency,
                    updateFrequency.multipliedBy(DEFAULT_INTERVALS), DEFAULT_MAX_KEYS);
        }

        int intervals() {
            return Math.toIntExact(lookbackFrequency.dividedBy(updateFrequency));
        }
    }

    /**
     * As {@link WindowedThroughput}, from the counts of the last interval: Refinery's {@code TotalThroughputSampler}.
     *
     * @param goalThroughputPerSecond weight to keep per second, above 0
     * @param clearFrequency the interval
     * @param maxKeys at least 1
     */
    record TotalThroughput(double goalThroughputPerSecond, Duration clearFrequency, int maxKeys)
            implements
                KeyedSampler {

        public static final Duration DEFAULT_CLEAR_FREQUENCY = Duration.ofSeconds(30);

        public TotalThroughput {
            Checks.goalThroughput(goalThroughputPerSecond);
            Checks.wholeMillis("clear frequency", clearFrequency);
            Checks.maxKeys(maxKeys);
        }

        /** With Refinery's defaults. */
        public static TotalThroughput of(double goalThroughputPerSecond) {
            return new TotalThroughput(goalThroughputPerSecond, DEFAULT_CLEAR_FREQUENCY, DEFAULT_MAX_KEYS);
        }
    }
}
