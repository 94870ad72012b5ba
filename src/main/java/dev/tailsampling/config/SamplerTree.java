package dev.tailsampling.config;

import dev.tailsampling.policy.KeyFields;
import dev.tailsampling.policy.RefineryFields;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceIdHash;
import dev.tailsampling.sampler.KeyedSampler;
import dev.tailsampling.sampler.MovingAverage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Samplers as the plain values of a {@code sampler} block, the opposite of {@link SamplerParser}. */
final class SamplerTree {

    private SamplerTree() {}

    /** The block; null if the policy is no sampler. */
    static @Nullable Map<String, Object> of(SamplingPolicy policy) {
        return switch (policy) {
            case SamplingPolicy.Hashed hashed when hashed.hash() instanceof TraceIdHash.Sha1 sha1 -> {
                Map<String, Object> fields = typed("deterministic");
                fields.put("sample_rate", sha1.rate());
                yield fields;
            }
            case SamplingPolicy.Keyed keyed -> {
                Map<String, Object> fields = fields(keyed.sampler());
                key(keyed.key(), fields);
                yield fields;
            }
            default -> null;
        };
    }

    private static Map<String, Object> typed(String type) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", type);
        return fields;
    }

    private static Map<String, Object> fields(KeyedSampler sampler) {
        Map<String, Object> fields;
        switch (sampler) {
            case KeyedSampler.Dynamic dynamic -> {
                fields = typed("dynamic");
                fields.put("goal_sample_rate", dynamic.goalSampleRate());
                fields.put("clear_frequency_secs", seconds(dynamic.clearFrequency()));
                fields.put("max_keys", dynamic.maxKeys());
            }
            case KeyedSampler.EmaDynamic ema -> {
                fields = typed("ema_dynamic");
                fields.put("goal_sample_rate", ema.goalSampleRate());
                average(ema.average(), fields);
                fields.put("max_keys", ema.maxKeys());
            }
            case KeyedSampler.EmaThroughput ema -> {
                fields = typed("ema_throughput");
                fields.put("goal_throughput_per_sec", number(ema.goalThroughputPerSecond()));
                fields.put("initial_sample_rate", ema.initialSampleRate());
                average(ema.average(), fields);
                fields.put("max_keys", ema.maxKeys());
            }
            case KeyedSampler.WindowedThroughput windowed -> {
                fields = typed("windowed_throughput");
                fields.put("goal_throughput_per_sec", number(windowed.goalThroughputPerSecond()));
                fields.put("update_frequency_secs", seconds(windowed.updateFrequency()));
                fields.put("lookback_frequency_secs", seconds(windowed.lookbackFrequency()));
                fields.put("max_keys", windowed.maxKeys());
            }
            case KeyedSampler.TotalThroughput total -> {
                fields = typed("total_throughput");
                fields.put("goal_throughput_per_sec", number(total.goalThroughputPerSecond()));
                fields.put("clear_frequency_secs", seconds(total.clearFrequency()));
                fields.put("max_keys", total.maxKeys());
            }
        }
        return fields;
    }

    private static void average(MovingAverage average, Map<String, Object> fields) {
        fields.put("adjustment_interval_secs", seconds(average.adjustmentInterval()));
        fields.put("weight", number(average.weight()));
        fields.put("age_out_value", number(average.ageOutValue()));
        fields.put("burst_multiple", number(average.burstMultiple()));
        fields.put("burst_detection_delay", average.burstDetectionDelay());
    }

    private static void key(KeyFields key, Map<String, Object> fields) {
        names("fields", key.fields(), fields);
        names("root_fields", key.rootFields(), fields);
        if (key.useTraceLength()) {
            fields.put("use_trace_length", true);
        }
        if (key.fields().stream().anyMatch(SamplerTree::isRefinerys)
                || key.rootFields().stream().anyMatch(SamplerTree::isRefinerys)) {
            fields.put("lookup", "refinery");
        }
    }

    private static void names(String name, List<KeyFields.Field> keys, Map<String, Object> fields) {
        if (!keys.isEmpty()) {
            fields.put(name, keys.stream().map(KeyFields.Field::name).toList());
        }
    }

    private static boolean isRefinerys(KeyFields.Field field) {
        return field.source() instanceof RefineryFields;
    }

    private static Number number(double value) {
        return PolicyTree.plain(new BigDecimal(Double.toString(value)));
    }

    private static Number seconds(Duration duration) {
        return PolicyTree.plain(BigDecimal.valueOf(duration.toMillis(), 3));
    }
}
