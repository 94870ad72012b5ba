package dev.tailsampling.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
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
     * Matches traces by duration: latest end minus earliest start over all spans, compared in nanoseconds. (The Collector
     * truncates to whole milliseconds first.)
     *
     * @param thresholdMillisExclusive the trace must last longer than this, at least 0
     * @param upperMillisInclusive and no longer than this; {@link #NO_UPPER_BOUND} for no limit
     */
    record Latency(long thresholdMillisExclusive, long upperMillisInclusive) implements SamplingPolicy {

        /** Stands for "no upper bound". */
        public static final long NO_UPPER_BOUND = Long.MAX_VALUE;

        public Latency {
            require(thresholdMillisExclusive >= 0, "threshold_ms must not be negative: " + thresholdMillisExclusive);
            require(upperMillisInclusive > thresholdMillisExclusive, "upper_threshold_ms (" + upperMillisInclusive
                    + ") must be greater than threshold_ms (" + thresholdMillisExclusive + ")");
        }
    }

    /** Matches when a span has one of the status codes. */
    record StatusCodes(Set<StatusCode> codes) implements SamplingPolicy {
        public StatusCodes {
            require(!codes.isEmpty(), "status_codes must name at least one of UNSET, OK, ERROR");
            codes = Set.copyOf(codes);
        }
    }

    /** Matches when an attribute is a string that equals one of the values, or in which a pattern is found. */
    record StringAttribute(AttributeKey key, Set<String> values, List<Pattern> patterns) implements SamplingPolicy {
        public StringAttribute {
            require(!key.name().isEmpty(), "key must not be empty");
            require(values.isEmpty() || patterns.isEmpty(), "values are either texts or patterns, not both");
            values = Set.copyOf(values);
            patterns = List.copyOf(patterns);
        }

        /**
         * Matches texts in which one of the regular expressions (RE2 syntax) is found.
         *
         * @throws IllegalArgumentException if one is not a regular expression
         */
        public static StringAttribute matching(AttributeKey key, List<String> expressions) {
            return new StringAttribute(key, Set.of(), expressions.stream().map(StringAttribute::compile).toList());
        }

        private static Pattern compile(String expression) {
            require(!expression.isEmpty(), "an empty regular expression would match every text");
            try {
                return Pattern.compile(expression);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "not a regular expression: \"" + expression + "\" (" + e.getDescription() + ")", e);
            }
        }
    }

    /**
     * Matches when an attribute is a number within bounds. Integers and doubles compare as numbers; 0 is a bound like any
     * other. (In the Collector 0 means "no bound" and doubles read as 0.)
     *
     * @param minInclusive lower bound, null for none
     * @param maxInclusive upper bound, null for none
     */
    record NumericAttribute(AttributeKey key, @Nullable BigDecimal minInclusive, @Nullable BigDecimal maxInclusive)
            implements
                SamplingPolicy {
        public NumericAttribute {
            require(!key.name().isEmpty(), "key must not be empty");
            require(minInclusive != null || maxInclusive != null, "min_value or max_value must be set");
            require(minInclusive == null || maxInclusive == null || minInclusive.compareTo(maxInclusive) <= 0,
                    "min_value (" + minInclusive + ") must not be greater than max_value (" + maxInclusive + ")");
        }
    }

    /** Matches when an attribute is a boolean of this value. */
    record BooleanAttribute(AttributeKey key, boolean value) implements SamplingPolicy {
        public BooleanAttribute {
            require(!key.name().isEmpty(), "key must not be empty");
        }
    }

    /** Matches a share of all traces, by the trace's randomness: {@code R >= T}. */
    record Probabilistic(Threshold threshold) implements SamplingPolicy {}

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

    /** Matches when the policy does not. The policy must not be random: {@code R < T} has no threshold of its own. */
    record Not(NamedPolicy policy) implements SamplingPolicy {
        public Not {
            require(!isRandom(policy), "not_sub_policy must not be probabilistic: use a probabilistic policy with "
                    + "100 minus its sampling_percentage instead");
        }

        private static boolean isRandom(NamedPolicy policy) {
            return !policy.rate().equals(Threshold.ALWAYS) || switch (policy.policy()) {
                case Probabilistic ignored -> true;
                case And and -> and.policies().stream().anyMatch(Not::isRandom);
                case Drop drop -> drop.policies().stream().anyMatch(Not::isRandom);
                case Not ignored -> false;
                case AlwaysSample ignored -> false;
                case Latency ignored -> false;
                case StatusCodes ignored -> false;
                case StringAttribute ignored -> false;
                case NumericAttribute ignored -> false;
                case BooleanAttribute ignored -> false;
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
