package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SamplingPolicy.Hashed;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.Probabilistic;
import dev.tailsampling.policy.SamplingPolicy.RateLimiting;
import dev.tailsampling.policy.SamplingPolicy.SpanCount;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.policy.TraceIdHash;
import dev.tailsampling.policy.TraceNumber;
import dev.tailsampling.sampler.RateLimit;
import dev.tailsampling.trace.StatusCode;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Set;

/** Reads the policies that look at the trace as a whole. */
final class TracePolicyParser {

    private static final String DEFAULT_SALT = "default-hash-seed";

    private final PolicyContext context;

    TracePolicyParser(PolicyContext context) {
        this.context = context;
    }

    /** In the Collector's form: an upper bound of 0 is none. */
    SamplingPolicy latency(PolicyFields fields) {
        context.require(fields, "threshold_ms");
        long upper = fields.whole("upper_threshold_ms", 0);
        return new Latency(fields.whole("threshold_ms", 0), upper == 0 ? Latency.NO_UPPER_BOUND : upper,
                switch (context.compat()) {
                    case NATIVE -> Latency.Comparison.EXACT;
                    case OTEL -> Latency.Comparison.WHOLE_MILLIS;
                    case OTEL_LEGACY -> Latency.Comparison.WHOLE_MILLIS_INCLUSIVE;
                });
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
        context.require(fields, "sampling_percentage");
        BigDecimal percentage = fields.number("sampling_percentage");
        String salt = salt(fields);
        if (context.compat().isCollector()) {
            return new Hashed(new TraceIdHash.Fnv(salt.isEmpty() ? DEFAULT_SALT : salt,
                    percentage == null ? 0 : percentage.doubleValue(), true));
        }
        if (!salt.isEmpty()) {
            context.warn(
                    fields.owner() + ": hash_salt is not used; the trace's own randomness decides, so that samplers "
                            + "before and after this one agree");
        }
        return new Probabilistic(PolicyRates.share(percentage));
    }

    private static String salt(PolicyFields fields) {
        return switch (fields.find("hash_salt")) {
            case null -> "";
            case Scalar scalar -> scalar.text();
            case YamlNode other -> throw fields.refuse(other.origin(),
                    "probabilistic.hash_salt must be a text, not " + other.kind());
        };
    }

    /** Natively over the whole table, by randomness; in compatibility mode first come, first served. */
    SamplingPolicy rateLimiting(PolicyFields fields, TraceNumber cost, String rate) {
        context.require(fields, rate);
        long perSecond = fields.whole(rate, 0);
        if (perSecond < 0 || perSecond == 0 && !context.compat().isCollector()) {
            throw fields.refuse(fields.get(rate).origin(), rate + " must be greater than 0, not " + perSecond);
        }
        long burst = fields.whole("burst_capacity", 0);
        RateLimit limit = burst <= 0 ? RateLimit.of(perSecond) : new RateLimit(perSecond, burst);
        return new RateLimiting(cost, limit, context.compat().isCollector()
                ? RateLimiting.Method.TOKEN_BUCKET
                : RateLimiting.Method.THRESHOLD);
    }

    /** In the Collector's form: a maximum of 0 is none. */
    SamplingPolicy spanCount(PolicyFields fields) {
        int min = fields.count("min_spans", 0);
        int max = fields.count("max_spans", 0);
        if (min == 0 && max == 0 && !context.compat().isCollector()) {
            throw fields.refuse("span_count.min_spans or span_count.max_spans must be set");
        }
        return new SpanCount(min, max == 0 ? SpanCount.NO_LIMIT : max);
    }
}
