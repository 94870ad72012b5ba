package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Sequence;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at policies on the trace as a whole, on chance, and on budgets. */
final class TraceLint {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final long SMALL_BURST_SPANS = 100;
    private static final long SMALL_BURST_BYTES = 100_000;

    private final LintFindings findings;
    private final Compat compat;
    private final boolean collectors;

    /**
     * A lint of one file.
     *
     * @param collectors whether the file was written for the Collector, whose versions differ
     */
    TraceLint(LintFindings findings, Compat compat, boolean collectors) {
        this.findings = findings;
        this.compat = compat;
        this.collectors = collectors;
    }

    void check(WrittenPolicy policy) {
        percentage(policy.own(), policy.own().find("sampling_percentage"));
        PolicyFields fields = policy.fields();
        switch (policy.type()) {
            case LATENCY -> latency(fields);
            case PROBABILISTIC -> probabilistic(fields);
            case STATUS_CODE -> statusCode(fields);
            case RATE_LIMITING -> rateLimiting(policy, "spans_per_second", SMALL_BURST_SPANS, "spans");
            case BYTES_LIMITING -> rateLimiting(policy, "bytes_per_second", SMALL_BURST_BYTES, "bytes");
            case AND -> and(policy);
            case NOT -> not(policy);
            case NUMERIC_ATTRIBUTE, STRING_ATTRIBUTE, BOOLEAN_ATTRIBUTE, TRACE_STATE, TRACE_FLAGS, OTTL_CONDITION,
                    SPAN_COUNT, ALWAYS_SAMPLE, DROP, MATCH, COMPOSITE, BUDGET, EXTENSION -> {
                // Others look at these.
            }
        }
    }

    private void latency(PolicyFields fields) {
        YamlNode lower = fields.get("threshold_ms");
        YamlNode upper = fields.find("upper_threshold_ms");
        if (fields.whole("threshold_ms", 0) == 0 && fields.whole("upper_threshold_ms", 0) == 0) {
            findings.warn(lower.origin(), "latency-zero", "every trace lasts longer than 0 ms, so this keeps nearly "
                    + "everything: give a threshold, or say always_sample");
        }
        if (collectors) {
            findings.hint(lower.origin(), "latency-bound", switch (compat) {
                case NATIVE -> "a trace must last longer than threshold_ms, to the nanosecond; Collectors cut to whole "
                        + "milliseconds, and before July 2026 they took >= (compat: otel, otel-legacy)";
                case OTEL -> "durations are cut to whole milliseconds and must be greater than threshold_ms; before "
                        + "July 2026 Collectors took >= (compat: otel-legacy)";
                case OTEL_LEGACY -> "durations are cut to whole milliseconds, and threshold_ms itself counts, as in "
                        + "Collectors before July 2026; newer ones take > (compat: otel)";
            });
        }
        if (collectors && upper != null && fields.whole("upper_threshold_ms", 0) != 0) {
            findings.hint(upper.origin(), "latency-upper", "here the whole trace has to be within the bounds; the "
                    + "Collector also keeps traces whose first spans to arrive are, so it keeps more");
        }
    }

    private void probabilistic(PolicyFields fields) {
        percentage(fields, fields.find("sampling_percentage"));
        YamlNode salt = fields.find("hash_salt");
        if (salt != null && compat == Compat.NATIVE) {
            findings.warn(salt.origin(), "hash-salt", "hash_salt is not used: the trace's own randomness decides, so "
                    + "that samplers before and after this one agree; leave it out, or set compat: otel to hash as the "
                    + "Collector does");
        }
    }

    private void percentage(PolicyFields fields, @Nullable YamlNode node) {
        BigDecimal percentage = fields.number("sampling_percentage");
        if (node == null || percentage == null) {
            return;
        }
        if (percentage.signum() <= 0) {
            findings.warn(node.origin(), "percentage-none",
                    "a sampling_percentage of " + percentage + " keeps nothing: leave the policy out");
        } else if (percentage.compareTo(HUNDRED) > 0) {
            findings.warn(node.origin(), "percentage-over",
                    "a sampling_percentage over 100 is 100: say so, or leave it out");
        } else if (percentage.compareTo(BigDecimal.ONE) < 0) {
            findings.hint(node.origin(), "percentage-fraction", "sampling_percentage is in percent: "
                    + percentage.toPlainString() + " keeps one trace in "
                    + HUNDRED.divide(percentage, 0, RoundingMode.HALF_UP).toPlainString()
                    + "; for a share of " + percentage.toPlainString() + " write "
                    + percentage.multiply(HUNDRED).stripTrailingZeros().toPlainString());
        }
    }

    private void statusCode(PolicyFields fields) {
        if (fields.get("status_codes") instanceof Sequence codes) {
            codes.items().stream()
                    .filter(code -> code instanceof YamlNode.Scalar scalar && scalar.text().equalsIgnoreCase("UNSET"))
                    .forEach(code -> findings.warn(code.origin(), "status-unset", "UNSET is the status of nearly every "
                            + "span, so this matches nearly every trace: for traces without an error put ERROR into a "
                            + "not policy"));
        }
    }

    private void rateLimiting(WrittenPolicy policy, String rate, long small, String unit) {
        PolicyFields fields = policy.fields();
        YamlNode node = fields.find("burst_capacity");
        long perSecond = fields.whole(rate, 0);
        long burst = fields.whole("burst_capacity", 0) <= 0 ? 2 * perSecond : fields.whole("burst_capacity", 0);
        Origin origin = node == null ? fields.get(rate).origin() : node.origin();
        if (burst < small) {
            findings.warn(origin, "small-burst", "a trace of more than " + burst + " " + unit + " never fits, and such "
                    + "traces are common: raise burst_capacity above your largest traces");
        }
        if (compat.isCollector()) {
            findings.hint(policy.origin(), "first-come", "in this mode traces are served in the order of their "
                    + "decisions, so another run may keep others; compat: native keeps those of highest randomness");
        }
    }

    private void and(WrittenPolicy policy) {
        List<WrittenPolicy> parts = policy.within();
        if (parts.size() == 1) {
            findings.hint(policy.origin(), "and-of-one", "an and of one policy is that policy: leave the and out");
        } else if (parts.stream().allMatch(TraceLint::isFilterless)) {
            findings.warn(policy.origin(), "and-without-filter", "no policy in this and looks at the trace, so it "
                    + "applies to every trace: add a condition, or keep the strictest of its policies alone");
        }
    }

    private static boolean isFilterless(WrittenPolicy policy) {
        return switch (policy.type()) {
            case ALWAYS_SAMPLE, PROBABILISTIC, RATE_LIMITING, BYTES_LIMITING -> true;
            default -> false;
        };
    }

    private void not(WrittenPolicy policy) {
        policy.within().stream().flatMap(WrittenPolicy::withAllWithin)
                .filter(part -> part.type() == PolicyType.PROBABILISTIC)
                .forEach(part -> findings.warn(part.origin(), "random-in-not", "the opposite of a share has no "
                        + "threshold, so adjusted counts are unknown: use probabilistic with 100 minus the percentage"));
    }
}
