package dev.tailsampling.policy;

import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Policies as one line of text: for reasons, explanations, and the content that a policy set's version stands for. */
final class PolicyText {

    private static final MathContext DIGITS = new MathContext(15);

    private PolicyText() {}

    static String canonical(PolicySet set) {
        return set.policies().stream().map(p -> p.name() + "=" + of(p)).collect(Collectors.joining("\n"));
    }

    static String of(NamedPolicy named) {
        String text = of(named.policy());
        return named.rate().equals(Threshold.ALWAYS) ? text : text + " at " + percent(named.rate());
    }

    static String of(SamplingPolicy policy) {
        return switch (policy) {
            case SamplingPolicy.AlwaysSample ignored -> "always_sample";
            case SamplingPolicy.Latency latency -> latency(latency);
            case SamplingPolicy.StatusCodes status -> "status_code in " + new TreeSet<>(status.codes());
            case SamplingPolicy.StringAttribute string -> string(string);
            case SamplingPolicy.NumericAttribute number -> number(number);
            case SamplingPolicy.BooleanAttribute bool -> bool.key() + " = " + bool.value();
            case SamplingPolicy.Probabilistic probabilistic -> "probabilistic " + percent(probabilistic.threshold());
            case SamplingPolicy.SpanCount count -> spanCount(count);
            case SamplingPolicy.And and -> "and(" + all(and.policies()) + ")";
            case SamplingPolicy.Not not -> "not(" + of(not.policy()) + ")";
            case SamplingPolicy.Drop drop -> "drop(" + all(drop.policies()) + ")";
        };
    }

    private static String all(List<NamedPolicy> policies) {
        return policies.stream().map(PolicyText::of).collect(Collectors.joining(", "));
    }

    private static String latency(SamplingPolicy.Latency latency) {
        String lower = "latency > " + latency.thresholdMillisExclusive() + " ms";
        return latency.upperMillisInclusive() == SamplingPolicy.Latency.NO_UPPER_BOUND
                ? lower
                : lower + " and <= " + latency.upperMillisInclusive() + " ms";
    }

    private static String string(SamplingPolicy.StringAttribute string) {
        return string.patterns().isEmpty()
                ? string.key() + " in " + quoted(new TreeSet<>(string.values()))
                : string.key() + " matches " + quoted(string.patterns());
    }

    private static String quoted(Collection<?> texts) {
        return texts.stream().map(PolicyText::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Quotes inside are escaped: else two sets could have the same text, and so the same version. */
    private static String quoted(Object text) {
        return "\"" + text.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
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
