package dev.tailsampling.config;

import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what may stand beside any policy's type: {@code sampling_percentage} or {@code sample_rate}, the share that is
 * kept of what the policy matches; {@code sampler}, a rate by key; {@code drop: true}, which drops it instead.
 */
final class PolicyRates {

    private static final String PERCENTAGE = "sampling_percentage";
    private static final String ONE_IN = "sample_rate";
    private static final String SAMPLER = "sampler";
    private static final String DROP = "drop";
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final SamplerParser samplers = new SamplerParser();

    /** Makes the fields known, before others are refused. */
    void claim(PolicyFields fields) {
        List.of(PERCENTAGE, ONE_IN, SAMPLER).forEach(fields::find);
    }

    /** The policy with what stands beside it. */
    NamedPolicy apply(PolicyFields fields, String name, SamplingPolicy policy) {
        Threshold rate = rate(fields);
        YamlNode sampler = fields.find(SAMPLER);
        SamplingPolicy sampled =
                sampler == null ? policy : sampled(name, policy, samplers.parse(fields.owner(), sampler));
        if (isDrop(fields)) {
            return NamedPolicy.of(name, new SamplingPolicy.Drop(List.of(new NamedPolicy(name, sampled, rate))));
        }
        return new NamedPolicy(name, sampled, rate);
    }

    private static SamplingPolicy sampled(String name, SamplingPolicy policy, SamplingPolicy sampler) {
        return policy instanceof SamplingPolicy.AlwaysSample
                ? sampler
                : new SamplingPolicy.And(List.of(NamedPolicy.of(name, policy), NamedPolicy.of(SAMPLER, sampler)));
    }

    /** The Collector's drop policies have their fields under that name. */
    private static boolean isDrop(PolicyFields fields) {
        return fields.find(DROP) instanceof YamlNode.Scalar && Boolean.TRUE.equals(fields.flag(DROP));
    }

    private static Threshold rate(PolicyFields fields) {
        BigDecimal percentage = fields.number(PERCENTAGE);
        BigDecimal oneIn = fields.number(ONE_IN);
        if (percentage != null && oneIn != null) {
            throw fields.refuse(fields.get(ONE_IN).origin(), "give sampling_percentage or sample_rate, not both");
        }
        if (oneIn != null && oneIn.compareTo(BigDecimal.ONE) < 0) {
            throw fields.refuse(fields.get(ONE_IN).origin(),
                    "sample_rate must be at least 1 (one in so many), not " + oneIn);
        }
        if (oneIn != null) {
            return Threshold.ofShare(1 / oneIn.doubleValue());
        }
        return percentage == null ? Threshold.ALWAYS : share(percentage);
    }

    /** At most 0 is none and at least 100 all, as in the Collector. */
    static Threshold share(@Nullable BigDecimal percentage) {
        if (percentage == null || percentage.signum() <= 0) {
            return Threshold.NEVER;
        }
        return percentage.compareTo(HUNDRED) >= 0
                ? Threshold.ALWAYS
                : Threshold.ofShare(percentage.movePointLeft(2).doubleValue());
    }
}
