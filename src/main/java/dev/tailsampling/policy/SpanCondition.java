package dev.tailsampling.policy;

import com.google.re2j.Pattern;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be seen on a span: a test of one attribute, looked up on the span and on its resource. Each distinct condition
 * of a policy set owns one bit of the summary, "some span satisfied it". A value of another type never satisfies.
 */
sealed interface SpanCondition {

    AttributeKey key();

    boolean test(AttributeValue value);

    /** A string equal to one of the values. */
    record StringIn(AttributeKey key, Set<String> values) implements SpanCondition {
        @Override
        public boolean test(AttributeValue value) {
            return value instanceof StringValue string && values.contains(string.value());
        }
    }

    /** A string in which one of the patterns is found, anywhere in the text as in the Collector. */
    record StringMatches(AttributeKey key, List<Pattern> patterns) implements SpanCondition {
        @Override
        public boolean test(AttributeValue value) {
            if (value instanceof StringValue string) {
                for (Pattern pattern : patterns) {
                    if (pattern.matcher(string.value()).find()) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    /** A number within bounds; the integer bounds are the double ones rounded inwards. */
    record NumberWithin(AttributeKey key, long minLong, long maxLong, double minDouble, double maxDouble)
            implements
                SpanCondition {

        private static final BigDecimal LOWEST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
        private static final BigDecimal HIGHEST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

        static NumberWithin of(AttributeKey key, @Nullable BigDecimal min, @Nullable BigDecimal max) {
            double minDouble = min == null ? Double.NEGATIVE_INFINITY : min.doubleValue();
            double maxDouble = max == null ? Double.POSITIVE_INFINITY : max.doubleValue();
            BigDecimal lowest = min == null ? LOWEST_LONG : min.max(LOWEST_LONG);
            BigDecimal highest = max == null ? HIGHEST_LONG : max.min(HIGHEST_LONG);
            // Bounds beyond all integers leave an empty range.
            return lowest.compareTo(highest) > 0
                    ? new NumberWithin(key, 1, 0, minDouble, maxDouble)
                    : new NumberWithin(key, lowest.setScale(0, RoundingMode.CEILING).longValueExact(),
                            highest.setScale(0, RoundingMode.FLOOR).longValueExact(), minDouble, maxDouble);
        }

        @Override
        public boolean test(AttributeValue value) {
            return switch (value) {
                case LongValue number -> number.value() >= minLong && number.value() <= maxLong;
                case DoubleValue number -> number.value() >= minDouble && number.value() <= maxDouble;
                default -> false;
            };
        }
    }

    /** A boolean of this value. */
    record BooleanIs(AttributeKey key, boolean expected) implements SpanCondition {
        @Override
        public boolean test(AttributeValue value) {
            return value instanceof BoolValue bool && bool.value() == expected;
        }
    }
}
