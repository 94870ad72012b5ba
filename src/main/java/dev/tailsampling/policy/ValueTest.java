package dev.tailsampling.policy;

import com.google.re2j.Pattern;
import dev.tailsampling.ottl.BoundedPattern;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A test of one value. A value of a type that the test does not speak of fails it, as an absent one does: only
 * {@link Absent} and some of {@link RefineryComparison} are true of what is not there.
 */
public sealed interface ValueTest
        permits
        ValueTest.Exists,
        ValueTest.Absent,
        ValueTest.StringIn,
        ValueTest.StringMatches,
        ValueTest.StringPart,
        ValueTest.NumberIn,
        ValueTest.BooleanIs,
        ValueTest.Read,
        ValueTest.Mistyped,
        ValueTest.NotEmpty,
        ValueTest.Other,
        ValueTest.AnyOf,
        RefineryComparison {

    /** Whether a value passes; null for an absent one. */
    boolean test(@Nullable AttributeValue value);

    /** Any value at all. */
    record Exists() implements ValueTest {
        @Override
        public boolean test(@Nullable AttributeValue value) {
            return value != null;
        }
    }

    /** No value. */
    record Absent() implements ValueTest {
        @Override
        public boolean test(@Nullable AttributeValue value) {
            return value == null;
        }
    }

    /** A string equal to one of these. */
    record StringIn(Set<String> values) implements ValueTest {
        public StringIn {
            values = Set.copyOf(values);
        }

        @Override
        public boolean test(@Nullable AttributeValue value) {
            return value instanceof StringValue string && values.contains(string.value());
        }
    }

    /** A string in which one of the patterns (RE2) is found, anywhere in the text as in the Collector. */
    record StringMatches(List<Pattern> patterns) implements ValueTest {

        public StringMatches {
            patterns = List.copyOf(patterns);
        }

        /**
         * Compiles the patterns.
         *
         * @throws IllegalArgumentException if one is empty, too long, or not a regular expression
         */
        public static StringMatches of(List<String> expressions) {
            return new StringMatches(expressions.stream().map(StringMatches::compile).toList());
        }

        private static Pattern compile(String expression) {
            if (expression.isEmpty()) {
                throw new IllegalArgumentException("an empty regular expression would match every text");
            }
            return BoundedPattern.compile(expression);
        }

        /** The patterns as they were written. */
        public List<String> expressions() {
            return patterns.stream().map(Pattern::pattern).toList();
        }

        @Override
        public boolean test(@Nullable AttributeValue value) {
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

    /** A string with this text at its start, at its end, or anywhere. */
    record StringPart(Part part, String text) implements ValueTest {

        /** Where in the string. */
        public enum Part {
            /** Anywhere. */
            CONTAINS,
            /** At its start. */
            STARTS_WITH,
            /** At its end. */
            ENDS_WITH
        }

        @Override
        public boolean test(@Nullable AttributeValue value) {
            return value instanceof StringValue string && switch (part) {
                case CONTAINS -> string.value().contains(text);
                case STARTS_WITH -> string.value().startsWith(text);
                case ENDS_WITH -> string.value().endsWith(text);
            };
        }
    }

    /** An integer or double within a range. */
    record NumberIn(NumberRange range, NumberRange.Bounds bounds) implements ValueTest {

        public NumberIn(NumberRange range) {
            this(range, range.bounds());
        }

        @Override
        public boolean test(@Nullable AttributeValue value) {
            return switch (value) {
                case LongValue number -> bounds.contains(number.value());
                case DoubleValue number -> bounds.contains(number.value());
                case null, default -> false;
            };
        }
    }

    /** A boolean of this value. */
    record BooleanIs(boolean expected) implements ValueTest {
        @Override
        public boolean test(@Nullable AttributeValue value) {
            return value instanceof BoolValue bool && bool.value() == expected;
        }
    }

    /** The test on the value read as another type; a value that cannot be read so counts as absent. */
    record Read(As as, ValueTest test) implements ValueTest {
        @Override
        public boolean test(@Nullable AttributeValue value) {
            return test.test(value == null ? null : as.read(value));
        }
    }

    /** The test on the value; a value of another type than this one counts as this one. */
    record Mistyped(AttributeValue as, ValueTest test) implements ValueTest {
        @Override
        public boolean test(@Nullable AttributeValue value) {
            return test.test(value == null || value.getClass() == as.getClass() ? value : as);
        }
    }

    /** A string with something in it that passes the test. */
    record NotEmpty(ValueTest test) implements ValueTest {
        @Override
        public boolean test(@Nullable AttributeValue value) {
            return value instanceof StringValue string && !string.value().isEmpty() && test.test(value);
        }
    }

    /** A value that is there and fails the test. */
    record Other(ValueTest test) implements ValueTest {
        @Override
        public boolean test(@Nullable AttributeValue value) {
            return value != null && !test.test(value);
        }
    }

    /** One of several tests. */
    record AnyOf(List<ValueTest> tests) implements ValueTest {
        public AnyOf {
            tests = List.copyOf(tests);
        }

        @Override
        public boolean test(@Nullable AttributeValue value) {
            for (ValueTest test : tests) {
                if (test.test(value)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Types that a scalar can be read as. */
    enum As {
        /** Numbers and booleans in their shortest decimal form: 500, 2.5, true; 2.0 is 2. */
        TEXT {
            @Override
            @Nullable
            AttributeValue read(AttributeValue value) {
                return switch (value) {
                    case StringValue string -> string;
                    case LongValue number -> new StringValue(Long.toString(number.value()));
                    case DoubleValue number -> new StringValue(ScalarText.of(number.value()));
                    case BoolValue bool -> new StringValue(Boolean.toString(bool.value()));
                    default -> null;
                };
            }
        },
        /** Strings that are decimal numbers are numbers. */
        NUMBER {
            @Override
            @Nullable
            AttributeValue read(AttributeValue value) {
                return value instanceof StringValue string ? ScalarText.number(string.value()) : value;
            }
        };

        abstract @Nullable AttributeValue read(AttributeValue value);

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
