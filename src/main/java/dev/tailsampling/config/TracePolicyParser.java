package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.Probabilistic;
import dev.tailsampling.policy.SamplingPolicy.SpanCount;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the policies that look at the trace as a whole. */
final class TracePolicyParser {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final PolicyWarnings warnings;

    TracePolicyParser(PolicyWarnings warnings) {
        this.warnings = warnings;
    }

    /** In the Collector's form: an upper bound of 0 is none. */
    SamplingPolicy latency(PolicyFields fields) {
        fields.get("threshold_ms");
        long upper = fields.whole("upper_threshold_ms", 0);
        return new Latency(fields.whole("threshold_ms", 0), upper == 0 ? Latency.NO_UPPER_BOUND : upper);
    }

    SamplingPolicy statusCode(PolicyFields fields) {
        Set<StatusCode> codes = EnumSet.noneOf(StatusCode.class);
        for (YamlNode item : fields.items("status_codes")) {
            StatusCode code = item instanceof Scalar scalar ? StatusCode.ofName(scalar.text()) : null;
            if (code == null) {
                throw fields.refuse(item.origin(),
                        "status_code.status_codes must be of UNSET, OK, ERROR, not " + item.kind());
            }
            codes.add(code);
        }
        return new StatusCodes(codes);
    }

    /** At most 0 is never and at least 100 always, as in the Collector. */
    SamplingPolicy probabilistic(PolicyFields fields) {
        fields.get("sampling_percentage");
        if (fields.find("hash_salt") != null) {
            warnings.add(
                    fields.owner() + ": hash_salt is not used; the trace's own randomness decides, so that samplers "
                            + "before and after this one agree");
        }
        return new Probabilistic(threshold(fields.number("sampling_percentage")));
    }

    private static Threshold threshold(@Nullable BigDecimal percentage) {
        if (percentage == null || percentage.signum() <= 0) {
            return Threshold.NEVER;
        }
        return percentage.compareTo(HUNDRED) >= 0
                ? Threshold.ALWAYS
                : Threshold.ofShare(percentage.movePointLeft(2).doubleValue());
    }

    /** In the Collector's form: a maximum of 0 is none. */
    SamplingPolicy spanCount(PolicyFields fields) {
        int min = fields.count("min_spans", 0);
        int max = fields.count("max_spans", 0);
        if (min == 0 && max == 0) {
            throw fields.refuse("span_count.min_spans or span_count.max_spans must be set");
        }
        return new SpanCount(min, max == 0 ? SpanCount.NO_LIMIT : max);
    }
}
