package dev.tailsampling.policy;

import static dev.tailsampling.policy.SpanTestText.quoted;

import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.Reading;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Policies as one line of text: for reasons, explanations, and the content that a policy set's version stands for. */
final class PolicyText {

    private static final MathContext DIGITS = new MathContext(15);

    private PolicyText() {}

    /** Sets that decide alike in all cases have the same text. */
    static String canonical(PolicySet set) {
        List<String> lines = new ArrayList<>();
        set.policies().forEach(policy -> lines.add(policy.name() + "=" + of(policy)));
        if (set.combination() != Combination.ANY) {
            lines.add("combination " + set.combination());
        }
        if (!set.unmatched().equals(Threshold.NEVER)) {
            lines.add("unmatched " + set.unmatched().value());
        }
        if (set.maxTraceBytes() != PolicySet.NO_LIMIT) {
            lines.add("max bytes " + set.maxTraceBytes());
        }
        set.forceRules().forEach(rule -> lines.add("force " + rule.id() + "=" + rule.action() + " "
                + SpanTestText.of(rule.match().test())));
        return String.join("\n", lines);
    }

    static String of(NamedPolicy named) {
        String text = of(named.policy());
        return named.rate().equals(Threshold.ALWAYS) ? text : text + " at " + percent(named.rate());
    }

    static String of(SamplingPolicy policy) {
        return switch (policy) {
            case SamplingPolicy.AlwaysSample ignored -> "always_sample";
            case Latency latency -> latency(latency);
            case SamplingPolicy.TraceNumberIn number -> number.number() == TraceNumber.DURATION_NANOS
                    ? "duration_ms " + number.range().nanosInMillis()
                    : number.number().name().toLowerCase(Locale.ROOT) + " " + number.range();
            case SamplingPolicy.Spans spans -> spans.quantifier().name().toLowerCase(Locale.ROOT) + "("
                    + SpanTestText.of(spans.test()) + ")";
            case SamplingPolicy.HasRoot ignored -> "has root";
            case SamplingPolicy.StatusCodes status -> "status_code in " + new TreeSet<>(status.codes());
            case SamplingPolicy.StringAttribute string -> string(string) + reading(string.reading());
            case SamplingPolicy.NumericAttribute number -> number(number) + reading(number.reading());
            case SamplingPolicy.BooleanAttribute bool ->
                bool.key() + " = " + bool.value() + reading(bool.reading());
            case SamplingPolicy.TraceState state ->
                "trace_state " + state.key() + " in " + quoted(new TreeSet<>(state.values()));
            case SamplingPolicy.TraceFlags ignored -> "trace_flags sampled";
            case SamplingPolicy.OttlConditions ottl -> "ottl_condition " + quoted(ottl.conditions())
                    + (ottl.errorMode() == SamplingPolicy.OttlConditions.ErrorMode.PROPAGATE ? " or error" : "");
            case SamplingPolicy.Probabilistic probabilistic -> "probabilistic " + percent(probabilistic.threshold());
            case SamplingPolicy.Hashed hashed -> hash(hashed.hash());
            case SamplingPolicy.SpanCount count -> spanCount(count);
            case SamplingPolicy.RateLimiting rate ->
                (rate.method() == SamplingPolicy.RateLimiting.Method.THRESHOLD ? "budget of " : "token bucket of ")
                        + SamplerText.of(rate.cost(), rate.limit());
            case SamplingPolicy.Composite composite -> "composite(" + all(composite.policies()) + ") of "
                    + composite.allocation().subSpans() + " spans, at most " + composite.allocation().maxTotalSpans()
                    + ", each second";
            case SamplingPolicy.Budget budget -> "budget(" + all(budget.policies()) + ") of "
                    + budget.tree().children().stream().map(child -> child.percent() + " %").toList() + " of "
                    + SamplerText.of(budget.cost(), budget.limit());
            case SamplingPolicy.Keyed keyed -> SamplerText.of(keyed.sampler()) + " by " + SamplerText.of(keyed.key());
            case SamplingPolicy.And and -> "and(" + all(and.policies()) + ")";
            case SamplingPolicy.Or or -> "or(" + all(or.policies()) + ")";
            case SamplingPolicy.Inverted inverted -> "inverted(" + of(inverted.policy()) + ")";
            case SamplingPolicy.Not not -> "not(" + of(not.policy()) + ")";
            case SamplingPolicy.Drop drop -> "drop(" + all(drop.policies()) + ")";
        };
    }

    private static String all(List<NamedPolicy> policies) {
        return policies.stream().map(PolicyText::of).collect(Collectors.joining(", "));
    }

    private static String latency(Latency latency) {
        String lower = switch (latency.comparison()) {
            case EXACT -> "latency > " + latency.thresholdMillisExclusive() + " ms";
            case WHOLE_MILLIS -> "latency in whole ms > " + latency.thresholdMillisExclusive() + " ms";
            case WHOLE_MILLIS_INCLUSIVE -> "latency in whole ms >= " + latency.thresholdMillisExclusive() + " ms";
        };
        return latency.upperMillisInclusive() == Latency.NO_UPPER_BOUND
                ? lower
                : lower + " and <= " + latency.upperMillisInclusive() + " ms";
    }

    private static String string(SamplingPolicy.StringAttribute string) {
        return string.patterns().isEmpty()
                ? string.key() + " in " + quoted(new TreeSet<>(string.values()))
                : string.key() + " matches " + quoted(string.patterns());
    }

    private static String reading(Reading reading) {
        return reading == Reading.TYPED ? "" : ", other types read as empty";
    }

    private static String hash(TraceIdHash hash) {
        return switch (hash) {
            case TraceIdHash.Fnv fnv -> "probabilistic " + fnv.percentage() + " % by FNV-1a with salt "
                    + quoted(fnv.salt()) + (fnv.unlessTraceState() ? ", or by tracestate" : "");
            case TraceIdHash.Sha1 sha1 -> "one in " + sha1.rate() + " by SHA-1";
        };
    }

    private static String number(SamplingPolicy.NumericAttribute number) {
        String min = number.minInclusive() == null ? "" : number.minInclusive().toPlainString() + " <= ";
        String max = number.maxInclusive() == null ? "" : " <= " + number.maxInclusive().toPlainString();
        return min + number.key() + max;
    }

    private static String spanCount(SamplingPolicy.SpanCount count) {
        String lower = "span_count >= " + count.minInclusive();
        return count.maxInclusive() == SamplingPolicy.SpanCount.NO_LIMIT
                ? lower
                : lower + " and <= " + count.maxInclusive();
    }

    private static String percent(Threshold threshold) {
        // 15 digits are all that a double holds; 0.07 * 100 would be 7.000000000000001.
        return new BigDecimal(threshold.probability()).movePointRight(2).round(DIGITS).stripTrailingZeros()
                .toPlainString() + " %";
    }
}
