package dev.tailsampling.config;

import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.NumberRange;
import dev.tailsampling.policy.Quantifier;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SpanTest;
import dev.tailsampling.policy.TraceNumber;
import dev.tailsampling.policy.ValueTest;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which traces a policy reaches: those that meet all conditions, and of these a share.
 *
 * @param name the policy's name
 * @param drops whether it drops them
 * @param conditions none for every trace
 * @param threshold of the share
 * @param byKey whether the share follows the traffic
 */
record Reach(String name, boolean drops, List<SamplingPolicy> conditions, Threshold threshold, boolean byKey) {

    private static final long NANOS_PER_MILLI = 1_000_000;

    static Reach of(NamedPolicy policy) {
        List<SamplingPolicy> conditions = new ArrayList<>();
        boolean drops = policy.policy() instanceof SamplingPolicy.Drop;
        Threshold threshold = collect(policy, conditions);
        boolean byKey = conditions.removeIf(SamplingPolicy.Keyed.class::isInstance);
        return new Reach(policy.name(), drops, List.copyOf(conditions), threshold, byKey);
    }

    /** Takes conditions and shares apart. */
    private static Threshold collect(NamedPolicy policy, List<SamplingPolicy> conditions) {
        return strictest(policy.rate(), switch (policy.policy()) {
            case SamplingPolicy.AlwaysSample ignored -> Threshold.ALWAYS;
            case SamplingPolicy.Probabilistic share -> share.threshold();
            case SamplingPolicy.And and -> collect(and.policies(), conditions);
            case SamplingPolicy.Drop drop -> collect(drop.policies(), conditions);
            default -> {
                conditions.add(policy.policy());
                yield Threshold.ALWAYS;
            }
        });
    }

    private static Threshold collect(List<NamedPolicy> policies, List<SamplingPolicy> conditions) {
        return policies.stream().map(part -> collect(part, conditions)).reduce(Threshold.ALWAYS, Reach::strictest);
    }

    private static Threshold strictest(Threshold one, Threshold other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Whether every trace that meets the other's conditions meets these. What depends on other traces never does. */
    boolean includes(Reach other) {
        return conditions.stream().noneMatch(Reach::isLimited) && conditions.stream()
                .allMatch(mine -> other.conditions.stream().anyMatch(theirs -> isWider(mine, theirs)));
    }

    private static boolean isLimited(SamplingPolicy policy) {
        return policy instanceof SamplingPolicy.RateLimiting || policy instanceof SamplingPolicy.Composite
                || policy instanceof SamplingPolicy.Budget;
    }

    private static boolean isWider(SamplingPolicy wide, SamplingPolicy narrow) {
        return wide.equals(narrow) || switch (wide) {
            case Latency one when narrow instanceof Latency other -> one.comparison() == other.comparison()
                    && one.thresholdMillisExclusive() <= other.thresholdMillisExclusive()
                    && one.upperMillisInclusive() >= other.upperMillisInclusive();
            case SamplingPolicy.StatusCodes one when narrow instanceof SamplingPolicy.StatusCodes other ->
                one.codes().containsAll(other.codes());
            case SamplingPolicy.SpanCount one when narrow instanceof SamplingPolicy.SpanCount other ->
                one.minInclusive() <= other.minInclusive() && one.maxInclusive() >= other.maxInclusive();
            case SamplingPolicy.StringAttribute one when narrow instanceof SamplingPolicy.StringAttribute other ->
                one.key().equals(other.key()) && one.reading() == other.reading()
                        && one.patterns().isEmpty() && other.patterns().isEmpty()
                        && one.values().containsAll(other.values());
            default -> false;
        };
    }

    /** Whether the conditions contradict each other. */
    boolean isImpossible() {
        for (int i = 0; i < conditions.size(); i++) {
            SamplingPolicy one = conditions.get(i);
            if (isImpossible(one) || conditions.subList(i + 1, conditions.size()).stream()
                    .anyMatch(other -> contradict(one, other))) {
                return true;
            }
        }
        return false;
    }

    private static boolean contradict(SamplingPolicy one, SamplingPolicy other) {
        return isOpposite(one, other) || isOpposite(other, one) || TraceRange.disjoint(one, other);
    }

    private static boolean isOpposite(SamplingPolicy one, SamplingPolicy other) {
        return one instanceof SamplingPolicy.Not not && isWider(not.policy().policy(), other);
    }

    private static boolean isImpossible(SamplingPolicy policy) {
        if (!(policy instanceof SamplingPolicy.Spans spans) || spans.quantifier() == Quantifier.ALL_SPANS
                || !(spans.test() instanceof SpanTest.AllOf all)) {
            return false;
        }
        for (int i = 0; i < all.tests().size(); i++) {
            SpanTest one = all.tests().get(i);
            if (all.tests().subList(i + 1, all.tests().size()).stream().anyMatch(other -> contradict(one, other))) {
                return true;
            }
        }
        return false;
    }

    /** One text cannot equal two. */
    private static boolean contradict(SpanTest one, SpanTest other) {
        return one instanceof SpanTest.Value(var source, ValueTest.StringIn(var texts))
                && other instanceof SpanTest.Value(var otherSource, ValueTest.StringIn(var otherTexts))
                && source.equals(otherSource) && Collections.disjoint(texts, otherTexts);
    }

    /** A number of the trace and where it has to be. */
    private record TraceRange(TraceNumber number, NumberRange range) {

        static boolean disjoint(SamplingPolicy one, SamplingPolicy other) {
            TraceRange first = of(one);
            TraceRange second = of(other);
            return first != null && second != null && first.number == second.number
                    && (first.range.isBelow(second.range) || second.range.isBelow(first.range));
        }

        private static @Nullable TraceRange of(SamplingPolicy policy) {
            return switch (policy) {
                case SamplingPolicy.TraceNumberIn in -> new TraceRange(in.number(), in.range());
                case SamplingPolicy.SpanCount count -> new TraceRange(TraceNumber.SPAN_COUNT, NumberRange.closed(
                        BigDecimal.valueOf(count.minInclusive()), BigDecimal.valueOf(count.maxInclusive())));
                case Latency latency when latency.comparison() == Latency.Comparison.EXACT ->
                    new TraceRange(TraceNumber.DURATION_NANOS,
                            new NumberRange(BigDecimal.valueOf(latency.thresholdMillisExclusive()), false,
                                    latency.upperMillisInclusive() == Latency.NO_UPPER_BOUND
                                            ? null
                                            : BigDecimal.valueOf(latency.upperMillisInclusive()),
                                    true).times(NANOS_PER_MILLI));
                default -> null;
            };
        }
    }
}
