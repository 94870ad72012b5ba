package dev.tailsampling.policy;

import static dev.tailsampling.policy.SpanTestText.quoted;

import dev.tailsampling.sampler.KeyedSampler;
import dev.tailsampling.sampler.MovingAverage;
import dev.tailsampling.sampler.RateLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Samplers and limits as text that says all that matters to a decision. */
final class SamplerText {

    private SamplerText() {}

    static String of(KeyedSampler sampler) {
        return switch (sampler) {
            case KeyedSampler.Dynamic dynamic -> "dynamic sampler (1 in " + dynamic.goalSampleRate() + ", every "
                    + seconds(dynamic.clearFrequency()) + keys(dynamic.maxKeys());
            case KeyedSampler.EmaDynamic ema -> "ema_dynamic sampler (1 in " + ema.goalSampleRate() + ", "
                    + of(ema.average()) + keys(ema.maxKeys());
            case KeyedSampler.EmaThroughput ema -> "ema_throughput sampler (" + ema.goalThroughputPerSecond()
                    + " each second, at first 1 in " + ema.initialSampleRate() + ", " + of(ema.average())
                    + keys(ema.maxKeys());
            case KeyedSampler.WindowedThroughput windowed -> "windowed_throughput sampler ("
                    + windowed.goalThroughputPerSecond() + " each second, every " + seconds(windowed.updateFrequency())
                    + " over " + seconds(windowed.lookbackFrequency()) + keys(windowed.maxKeys());
            case KeyedSampler.TotalThroughput total -> "total_throughput sampler (" + total.goalThroughputPerSecond()
                    + " each second, every " + seconds(total.clearFrequency()) + keys(total.maxKeys());
        };
    }

    private static String of(MovingAverage average) {
        return "every " + seconds(average.adjustmentInterval()) + " with weight " + average.weight()
                + ", forgotten below " + average.ageOutValue() + ", burst from " + average.burstMultiple()
                + " times after " + average.burstDetectionDelay();
    }

    private static String keys(int maxKeys) {
        return ", at most " + maxKeys + " keys)";
    }

    private static String seconds(Duration duration) {
        return ScalarText.of(duration.toMillis() / 1000.0) + " s";
    }

    static String of(KeyFields key) {
        List<String> parts = new ArrayList<>();
        key.fields().forEach(field -> parts.add(field(field)));
        key.rootFields().forEach(field -> parts.add("root " + field(field)));
        if (key.useTraceLength()) {
            parts.add("trace length");
        }
        return parts.toString();
    }

    /** The name says it all where the value is looked up under it in our own way. */
    private static String field(KeyFields.Field field) {
        return field.source().equals(SpanMatch.anywhere(field.name()))
                ? quoted(field.name())
                : quoted(field.name()) + " in " + SpanTestText.of(field.source());
    }

    static String of(TraceNumber cost, RateLimit limit) {
        String unit = switch (cost) {
            case SPAN_COUNT -> "spans";
            case BYTE_COUNT -> "bytes";
            case DURATION_NANOS, ITEM_COUNT -> cost.name().toLowerCase(Locale.ROOT);
        };
        return limit.tokensPerSecond() + " " + unit + " each second, at most " + limit.burstCapacity() + " at once";
    }
}
