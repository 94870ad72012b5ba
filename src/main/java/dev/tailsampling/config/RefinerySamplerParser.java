package dev.tailsampling.config;

import dev.tailsampling.config.RefineryDifferences.Difference;
import dev.tailsampling.ottl.EvaluationException;
import dev.tailsampling.ottl.GoNumbers;
import dev.tailsampling.policy.KeyFields;
import dev.tailsampling.policy.RefineryFields;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceIdHash;
import dev.tailsampling.sampler.KeyedSampler;
import dev.tailsampling.sampler.MovingAverage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** Reads Refinery's samplers that look at no rules, with Refinery's defaults; a 0 is one that was left out. */
final class RefinerySamplerParser {

    private static final String ROOT = "root.";

    /** Kinds by their names. */
    static final List<String> KINDS = List.of("DeterministicSampler", "DynamicSampler", "EMADynamicSampler",
            "EMAThroughputSampler", "WindowedThroughputSampler", "TotalThroughputSampler");

    private final RefineryDifferences differences;

    RefinerySamplerParser(RefineryDifferences differences) {
        this.differences = differences;
    }

    /**
     * The one sampler in a map from kind to fields.
     *
     * @throws PolicyException if it cannot be used
     */
    SamplingPolicy parse(PolicyFields choice) {
        String kind = kind(choice, KINDS);
        PolicyFields fields = choice.block(kind);
        if (fields == null) {
            throw choice.refuse(kind + " has no fields");
        }
        SamplingPolicy policy;
        try {
            policy = kind.equals("DeterministicSampler")
                    ? deterministic(fields)
                    : new SamplingPolicy.Keyed(keyed(kind, fields), key(fields));
        } catch (IllegalArgumentException e) {
            throw fields.refuse(String.valueOf(e.getMessage()));
        }
        fields.finish();
        return policy;
    }

    /** The kind that is chosen, of those that can be. */
    static String kind(PolicyFields choice, List<String> kinds) {
        List<String> chosen = kinds.stream().filter(kind -> choice.find(kind) != null).toList();
        choice.finish();
        if (chosen.size() != 1) {
            throw choice.refuse("there must be one sampler, of " + String.join(", ", kinds)
                    + (chosen.isEmpty() ? "" : ", not " + String.join(" and ", chosen)));
        }
        return chosen.getFirst();
    }

    private SamplingPolicy deterministic(PolicyFields fields) {
        differences.add(fields, "SampleRate", Difference.SHA1);
        return new SamplingPolicy.Hashed(new TraceIdHash.Sha1(Math.max(1, fields.count("SampleRate", 1))));
    }

    private KeyedSampler keyed(String kind, PolicyFields fields) {
        int maxKeys = count(fields, "MaxKeys", KeyedSampler.DEFAULT_MAX_KEYS);
        return switch (kind) {
            case "DynamicSampler" -> new KeyedSampler.Dynamic(required(fields, "SampleRate"),
                    duration(fields, "ClearFrequency", KeyedSampler.Dynamic.DEFAULT_CLEAR_FREQUENCY), maxKeys);
            case "EMADynamicSampler" ->
                new KeyedSampler.EmaDynamic(required(fields, "GoalSampleRate"), average(fields), maxKeys);
            case "EMAThroughputSampler" -> new KeyedSampler.EmaThroughput(throughput(fields),
                    count(fields, "InitialSampleRate", KeyedSampler.EmaThroughput.DEFAULT_INITIAL_SAMPLE_RATE),
                    average(fields), maxKeys);
            case "WindowedThroughputSampler" -> windowed(fields, maxKeys);
            default -> new KeyedSampler.TotalThroughput(throughput(fields),
                    duration(fields, "ClearFrequency", KeyedSampler.TotalThroughput.DEFAULT_CLEAR_FREQUENCY), maxKeys);
        };
    }

    private KeyedSampler windowed(PolicyFields fields, int maxKeys) {
        KeyedSampler.WindowedThroughput defaults = KeyedSampler.WindowedThroughput.of(throughput(fields), duration(
                fields, "UpdateFrequency", KeyedSampler.WindowedThroughput.DEFAULT_UPDATE_FREQUENCY));
        return new KeyedSampler.WindowedThroughput(defaults.goalThroughputPerSecond(), defaults.updateFrequency(),
                duration(fields, "LookbackFrequency", defaults.lookbackFrequency()), maxKeys);
    }

    private static MovingAverage average(PolicyFields fields) {
        MovingAverage defaults = MovingAverage.DEFAULT;
        double weight = number(fields, "Weight", defaults.weight());
        return new MovingAverage(duration(fields, "AdjustmentInterval", defaults.adjustmentInterval()), weight,
                number(fields, "AgeOutValue", weight), number(fields, "BurstMultiple", defaults.burstMultiple()),
                count(fields, "BurstDetectionDelay", defaults.burstDetectionDelay()));
    }

    private int throughput(PolicyFields fields) {
        int goal = required(fields, "GoalThroughputPerSec");
        fields.flag("UseClusterSize");
        differences.add(fields, "GoalThroughputPerSec", Difference.GOAL);
        return goal;
    }

    private KeyFields key(PolicyFields fields) {
        List<String> names = fields.texts("FieldList");
        differences.add(fields, "FieldList", Difference.KEYED);
        differences.add(fields, "FieldList", Difference.KEY);
        return new KeyFields(
                names.stream().filter(name -> !name.startsWith(ROOT)).map(RefinerySamplerParser::field).toList(),
                names.stream().filter(name -> name.startsWith(ROOT)).map(name -> field(name.substring(ROOT.length())))
                        .toList(),
                Boolean.TRUE.equals(fields.flag("UseTraceLength")));
    }

    private static KeyFields.Field field(String name) {
        return new KeyFields.Field(name, RefineryFields.of(List.of(name), false));
    }

    private static int required(PolicyFields fields, String name) {
        fields.get(name);
        return fields.count(name, 0);
    }

    private static int count(PolicyFields fields, String name, int fallback) {
        int count = fields.count(name, 0);
        return count == 0 ? fallback : count;
    }

    private static double number(PolicyFields fields, String name, double fallback) {
        BigDecimal number = fields.number(name);
        return number == null || number.signum() == 0 ? fallback : number.doubleValue();
    }

    private static Duration duration(PolicyFields fields, String name, Duration fallback) {
        if (fields.find(name) == null) {
            return fallback;
        }
        try {
            Duration duration = GoNumbers.parseDuration(fields.text(name));
            return duration.isZero() ? fallback : duration;
        } catch (EvaluationException e) {
            throw fields.refuse(fields.get(name).origin(), name + " must be a duration like \"30s\" or \"1m30s\"");
        }
    }
}
