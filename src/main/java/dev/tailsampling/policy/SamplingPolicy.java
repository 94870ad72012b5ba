package dev.tailsampling.policy;

import com.google.re2j.Pattern;
import dev.tailsampling.ottl.OttlCondition;
import dev.tailsampling.sampler.BudgetTree;
import dev.tailsampling.sampler.CompositeAllocation;
import dev.tailsampling.sampler.KeyedSampler;
import dev.tailsampling.sampler.RateLimit;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One sampling policy as its author wrote it, in the vocabulary of the OpenTelemetry Collector's {@code tail_sampling}
 * processor (contrib v0.164.1). Attribute policies look at the resource and at the span; one span of the trace that
 * matches is enough. Values are checked here, so no unusable policy can exist.
 */
public sealed interface SamplingPolicy {

    /** Matches every trace. */
    record AlwaysSample() implements SamplingPolicy {}

    /**
     * Matches traces by duration: latest end minus earliest start over all spans.
     *
     * @param thresholdMillisExclusive the trace must last longer than this, at least 0
     * @param upperMillisInclusive and no longer than this; {@link #NO_UPPER_BOUND} for no limit
     * @param comparison how
     */
    record Latency(long thresholdMillisExclusive, long upperMillisInclusive, Comparison comparison)
            implements
                SamplingPolicy {

        /** Stands for "no upper bound". */
        public static final long NO_UPPER_BOUND = Long.MAX_VALUE;

        /** How a duration is held against the bounds. */
        public enum Comparison {
            /** To the nanosecond. */
            EXACT,
            /** Cut to whole milliseconds first, as in the Collector. */
            WHOLE_MILLIS,
            /** Cut, and the lower bound is inclusive, as in the Collector before July 2026. */
            WHOLE_MILLIS_INCLUSIVE
        }

        public Latency {
            require(thresholdMillisExclusive >= 0, "threshold_ms must not be negative: " + thresholdMillisExclusive);
            require(upperMillisInclusive > thresholdMillisExclusive, "upper_threshold_ms (" + upperMillisInclusive
                    + ") must be greater than threshold_ms (" + thresholdMillisExclusive + ")");
        }

        /** Compared to the nanosecond. */
        public Latency(long thresholdMillisExclusive, long upperMillisInclusive) {
            this(thresholdMillisExclusive, upperMillisInclusive, Comparison.EXACT);
        }
    }

    /** Matches when a number of the trace as a whole is within a range. */
    record TraceNumberIn(TraceNumber number, NumberRange range) implements SamplingPolicy {}

    /** Matches when enough spans pass a test: one, all, or the root. */
    record Spans(Quantifier quantifier, SpanTest test) implements SamplingPolicy {}

    /** Matches when a root span was seen. */
    record HasRoot() implements SamplingPolicy {}

    /** Matches when a span has one of the status codes. */
    record StatusCodes(Set<StatusCode> codes) implements SamplingPolicy {
        public StatusCodes {
            require(!codes.isEmpty(), "status_codes must name at least one of UNSET, OK, ERROR");
            codes = Set.copyOf(codes);
        }
    }

    /** How an attribute of another type than the policy's is read. */
    enum Reading {
        /** Not at all: it never matches. */
        TYPED,
        /** As the Collector does: as an empty text, as 0, as false. */
        COLLECTOR
    }

    /** Matches when an attribute is a string that equals one of the values, or in which a pattern is found. */
    record StringAttribute(AttributeKey key, Set<String> values, List<Pattern> patterns, Reading reading)
            implements
                SamplingPolicy {
        public StringAttribute {
            require(!key.name().isEmpty(), "key must not be empty");
            require(values.isEmpty() || patterns.isEmpty(), "values are either texts or patterns, not both");
            values = Set.copyOf(values);
            patterns = List.copyOf(patterns);
        }

        /** Values of other types do not match. */
        public StringAttribute(AttributeKey key, Set<String> values, List<Pattern> patterns) {
            this(key, values, patterns, Reading.TYPED);
        }

        /**
         * Matches texts in which one of the regular expressions (RE2 syntax) is found.
         *
         * @throws IllegalArgumentException if one is not a regular expression
         */
        public static StringAttribute matching(AttributeKey key, List<String> expressions) {
            return new StringAttribute(key, Set.of(), ValueTest.StringMatches.of(expressions).patterns());
        }
    }

    /**
     * Matches when an attribute is a number within bounds. Integers and doubles compare as numbers; 0 is a bound like any
     * other. (In the Collector 0 means "no bound" and doubles read as 0.)
     *
     * @param minInclusive lower bound, null for none
     * @param maxInclusive upper bound, null for none
     */
    record NumericAttribute(AttributeKey key, @Nullable BigDecimal minInclusive, @Nullable BigDecimal maxInclusive,
            Reading reading)
            implements
                SamplingPolicy {
        public NumericAttribute {
            require(!key.name().isEmpty(), "key must not be empty");
            require(minInclusive != null || maxInclusive != null, "min_value or max_value must be set");
            require(minInclusive == null || maxInclusive == null || minInclusive.compareTo(maxInclusive) <= 0,
                    "min_value (" + minInclusive + ") must not be greater than max_value (" + maxInclusive + ")");
        }

        /** Values of other types do not match. */
        public NumericAttribute(AttributeKey key, @Nullable BigDecimal minInclusive,
                @Nullable BigDecimal maxInclusive) {
            this(key, minInclusive, maxInclusive, Reading.TYPED);
        }
    }

    /** Matches when an attribute is a boolean of this value. */
    record BooleanAttribute(AttributeKey key, boolean value, Reading reading) implements SamplingPolicy {
        public BooleanAttribute {
            require(!key.name().isEmpty(), "key must not be empty");
        }

        /** Values of other types do not match. */
        public BooleanAttribute(AttributeKey key, boolean value) {
            this(key, value, Reading.TYPED);
        }
    }

    /** Matches when a span's tracestate has one of the values under a vendor's key. */
    record TraceState(String key, Set<String> values) implements SamplingPolicy {
        public TraceState {
            require(!key.isEmpty(), "key must not be empty");
            values = Set.copyOf(values);
        }
    }

    /** Matches when a span has the sampled flag of W3C trace flags. */
    record TraceFlags() implements SamplingPolicy {}

    /** Matches when one of the conditions is true of some span, or of some event of a span. */
    record OttlConditions(List<OttlCondition> conditions, ErrorMode errorMode) implements SamplingPolicy {

        /** What becomes of a condition that cannot be evaluated. */
        public enum ErrorMode {
            /** It counts as false. */
            IGNORE,
            /** It counts as false, in silence. */
            SILENT,
            /** Unless some span matches, the policy votes {@link VoteKind#ERROR}. */
            PROPAGATE
        }

        public OttlConditions {
            require(!conditions.isEmpty(), "span or spanevent must have a condition");
            conditions = List.copyOf(conditions);
        }
    }

    /** Matches a share of all traces, by the trace's randomness: {@code R >= T}. */
    record Probabilistic(Threshold threshold) implements SamplingPolicy {}

    /**
     * Matches a share of all traces by a hash of the trace id. What it keeps has no threshold that samplers before and
     * after it would understand; it is there to decide as a peer did.
     */
    record Hashed(TraceIdHash hash) implements SamplingPolicy {}

    /**
     * Matches while there is budget for the trace.
     *
     * @param cost what a trace costs
     * @param limit budget of each second, and most that can be saved up; a trace that costs more than that never matches
     * @param method who gets it
     */
    record RateLimiting(TraceNumber cost, RateLimit limit, Method method) implements SamplingPolicy {

        /** How a budget is dealt out. */
        public enum Method {
            /** Over each second of decision time the traces of highest randomness that fit together. */
            THRESHOLD,
            /** First come, first served, as the Collector does. */
            TOKEN_BUCKET
        }
    }

    /**
     * The Collector's {@code composite}: the first policy that matches decides, within its own limit of each second. What
     * one leaves goes to no other.
     *
     * @param policies in the order in which they are tried
     * @param allocation spans of each second, for each of them
     */
    record Composite(List<NamedPolicy> policies, CompositeAllocation allocation) implements SamplingPolicy {
        public Composite {
            policies = List.copyOf(policies);
            require(policies.size() == allocation.subSpans().size(), "each policy needs an allocation");
        }
    }

    /**
     * A budget that is dealt out in order over each second of decision time: a policy keeps, of the traces it matches
     * first, those of highest randomness that its share pays; what it leaves goes to the policies after it. Together they
     * never take more than the total.
     *
     * @param cost what a trace costs
     * @param limit the total
     * @param tree the shares, one for each policy
     * @param policies in the same order
     */
    record Budget(TraceNumber cost, RateLimit limit, BudgetTree tree, List<NamedPolicy> policies)
            implements
                SamplingPolicy {
        public Budget {
            policies = List.copyOf(policies);
            require(policies.size() == tree.children().size(), "each policy needs a share");
        }
    }

    /** Matches every trace, at a rate that follows how often traces like it occur. */
    record Keyed(KeyedSampler sampler, KeyFields key) implements SamplingPolicy {}

    /**
     * Matches by the number of spans, counted as they arrived.
     *
     * @param minInclusive at least 0
     * @param maxInclusive {@link #NO_LIMIT} for no limit
     */
    record SpanCount(int minInclusive, int maxInclusive) implements SamplingPolicy {

        /** Stands for "no limit". */
        public static final int NO_LIMIT = Integer.MAX_VALUE;

        public SpanCount {
            require(minInclusive >= 0, "min_spans must not be negative: " + minInclusive);
            require(maxInclusive >= minInclusive,
                    "max_spans (" + maxInclusive + ") must not be less than min_spans (" + minInclusive + ")");
        }
    }

    /** Matches when all of the policies match, each by any span of its own. Its threshold is the strictest of theirs. */
    record And(List<NamedPolicy> policies) implements SamplingPolicy {
        public And {
            require(!policies.isEmpty(), "and_sub_policy must name at least one policy");
            policies = List.copyOf(policies);
        }
    }

    /** Matches when one of the policies matches; its threshold is the lowest of theirs. */
    record Or(List<NamedPolicy> policies) implements SamplingPolicy {
        public Or {
            require(!policies.isEmpty(), "any_of must name at least one policy");
            policies = List.copyOf(policies);
        }
    }

    /**
     * The Collector's inverted attribute policies before 2026: {@link VoteKind#INVERT_SAMPLED} when the policy does not
     * match, {@link VoteKind#INVERT_NOT_SAMPLED} when it does.
     */
    record Inverted(NamedPolicy policy) implements SamplingPolicy {}

    /** Matches when the policy does not. The policy must not be random: {@code R < T} has no threshold of its own. */
    record Not(NamedPolicy policy) implements SamplingPolicy {
        public Not {
            require(!isRandom(policy), "not_sub_policy must not be probabilistic: use a probabilistic policy with "
                    + "100 minus its sampling_percentage instead");
        }

        private static boolean isRandom(NamedPolicy policy) {
            return !policy.rate().equals(Threshold.ALWAYS) || isRandom(policy.policy());
        }

        private static boolean isRandom(SamplingPolicy policy) {
            return switch (policy) {
                case Probabilistic ignored -> true;
                case Hashed ignored -> false;
                case RateLimiting ignored -> true;
                case Composite ignored -> true;
                case Budget ignored -> true;
                case Keyed ignored -> true;
                case And and -> and.policies().stream().anyMatch(Not::isRandom);
                case Or or -> or.policies().stream().anyMatch(Not::isRandom);
                case Drop drop -> drop.policies().stream().anyMatch(Not::isRandom);
                case Inverted inverted -> isRandom(inverted.policy());
                case Not ignored -> false;
                case AlwaysSample ignored -> false;
                case Latency ignored -> false;
                case TraceNumberIn ignored -> false;
                case Spans ignored -> false;
                case HasRoot ignored -> false;
                case StatusCodes ignored -> false;
                case StringAttribute ignored -> false;
                case NumericAttribute ignored -> false;
                case BooleanAttribute ignored -> false;
                case TraceState ignored -> false;
                case TraceFlags ignored -> false;
                case OttlConditions ignored -> false;
                case SpanCount ignored -> false;
            };
        }
    }

    /**
     * Drops the traces that all of the policies match, whatever other policies say. With a probabilistic policy among them
     * that share of the traces is dropped, those of lowest randomness, so that what is left is again {@code R >= T}.
     */
    record Drop(List<NamedPolicy> policies) implements SamplingPolicy {
        public Drop {
            require(!policies.isEmpty(), "drop_sub_policy must name at least one policy");
            policies = List.copyOf(policies);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
