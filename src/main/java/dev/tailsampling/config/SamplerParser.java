package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.policy.KeyFields;
import dev.tailsampling.policy.RefineryFields;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.policy.TraceIdHash;
import dev.tailsampling.policy.ValueSource;
import dev.tailsampling.sampler.KeyedSampler;
import dev.tailsampling.sampler.MovingAverage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Reads a {@code sampler}: Refinery's five samplers with keys, and its deterministic one. */
final class SamplerParser {

    private static final String BLOCK = "sampler.";
    private static final List<String> TYPES = List.of("deterministic", "dynamic", "ema_dynamic", "ema_throughput",
            "windowed_throughput", "total_throughput");

    /**
     * The policy that matches at the sampler's rate.
     *
     * @param owner whose it is, for messages
     */
    SamplingPolicy parse(String owner, YamlNode node) {
        if (!(node instanceof Mapping mapping)) {
            throw new PolicyException(node.origin() + ": " + owner + ": sampler must hold fields, not " + node.kind());
        }
        PolicyFields fields = new PolicyFields(owner, BLOCK, mapping);
        try {
            SamplingPolicy policy = read(fields);
            fields.finish();
            return policy;
        } catch (IllegalArgumentException e) {
            throw fields.refuse("sampler: " + e.getMessage());
        }
    }

    private static SamplingPolicy read(PolicyFields fields) {
        String type = fields.text("type");
        return switch (type) {
            case "deterministic" -> new SamplingPolicy.Hashed(new TraceIdHash.Sha1(oneIn(fields)));
            case "dynamic" -> keyed(fields, new KeyedSampler.Dynamic(required(fields, "goal_sample_rate"),
                    seconds(fields, "clear_frequency_secs", KeyedSampler.Dynamic.DEFAULT_CLEAR_FREQUENCY),
                    maxKeys(fields)));
            case "ema_dynamic" -> keyed(fields, new KeyedSampler.EmaDynamic(required(fields, "goal_sample_rate"),
                    average(fields), maxKeys(fields)));
            case "ema_throughput" -> keyed(fields, new KeyedSampler.EmaThroughput(goal(fields),
                    fields.count("initial_sample_rate", KeyedSampler.EmaThroughput.DEFAULT_INITIAL_SAMPLE_RATE),
                    average(fields), maxKeys(fields)));
            case "windowed_throughput" -> keyed(fields, windowed(fields));
            case "total_throughput" -> keyed(fields, new KeyedSampler.TotalThroughput(goal(fields),
                    seconds(fields, "clear_frequency_secs", KeyedSampler.TotalThroughput.DEFAULT_CLEAR_FREQUENCY),
                    maxKeys(fields)));
            default -> throw fields.refuse(fields.get("type").origin(),
                    "unknown sampler " + type + new NearestName(TYPES).hint(type));
        };
    }

    private static KeyedSampler windowed(PolicyFields fields) {
        Duration update = seconds(fields, "update_frequency_secs",
                KeyedSampler.WindowedThroughput.DEFAULT_UPDATE_FREQUENCY);
        Duration lookback = KeyedSampler.WindowedThroughput.of(1, update).lookbackFrequency();
        return new KeyedSampler.WindowedThroughput(goal(fields), update,
                seconds(fields, "lookback_frequency_secs", lookback), maxKeys(fields));
    }

    private static MovingAverage average(PolicyFields fields) {
        MovingAverage standard = MovingAverage.DEFAULT;
        double weight = number(fields, "weight", standard.weight());
        return new MovingAverage(seconds(fields, "adjustment_interval_secs", standard.adjustmentInterval()), weight,
                number(fields, "age_out_value", weight),
                number(fields, "burst_multiple", standard.burstMultiple()),
                fields.count("burst_detection_delay", standard.burstDetectionDelay()));
    }

    private static SamplingPolicy keyed(PolicyFields fields, KeyedSampler sampler) {
        Function<String, ValueSource> lookup = lookup(fields);
        return new SamplingPolicy.Keyed(sampler, new KeyFields(keys(fields, "fields", lookup),
                keys(fields, "root_fields", lookup), Boolean.TRUE.equals(fields.flag("use_trace_length"))));
    }

    /** Where fields are: as in match policies, or as in Refinery. */
    private static Function<String, ValueSource> lookup(PolicyFields fields) {
        if (fields.find("lookup") == null) {
            return SpanMatch::anywhere;
        }
        String lookup = fields.text("lookup");
        return switch (lookup) {
            case "native" -> SpanMatch::anywhere;
            case "refinery" -> key -> RefineryFields.of(List.of(key), false);
            default -> throw fields.refuse(fields.get("lookup").origin(),
                    "lookup must be native or refinery, not " + lookup);
        };
    }

    private static List<KeyFields.Field> keys(PolicyFields fields, String name,
            Function<String, ValueSource> lookup) {
        return fields.find(name) == null
                ? List.of()
                : fields.texts(name).stream().map(key -> new KeyFields.Field(key, lookup.apply(key))).toList();
    }

    private static int oneIn(PolicyFields fields) {
        int rate = required(fields, "sample_rate");
        if (rate < 1) {
            throw new IllegalArgumentException("sample_rate must be at least 1 (one in so many), not " + rate);
        }
        return rate;
    }

    private static int required(PolicyFields fields, String name) {
        fields.get(name);
        return fields.count(name, 0);
    }

    private static double goal(PolicyFields fields) {
        fields.get("goal_throughput_per_sec");
        return number(fields, "goal_throughput_per_sec", 0);
    }

    private static int maxKeys(PolicyFields fields) {
        return fields.count("max_keys", KeyedSampler.DEFAULT_MAX_KEYS);
    }

    private static double number(PolicyFields fields, String name, double fallback) {
        BigDecimal number = fields.number(name);
        return number == null ? fallback : number.doubleValue();
    }

    private static Duration seconds(PolicyFields fields, String name, Duration fallback) {
        BigDecimal number = fields.number(name);
        return number == null ? fallback : Duration.ofMillis(number.movePointRight(3).longValue());
    }
}
