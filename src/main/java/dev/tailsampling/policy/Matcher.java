package dev.tailsampling.policy;

import dev.tailsampling.policy.ValueTest.StringPart.Part;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A key, an operator, and what to compare with: the language of force rules and of {@code match} policies. Numbers compare
 * as numbers, even when the rule or the span spells them as text; the text operators see numbers and booleans as text.
 *
 * @param key name of the attribute
 * @param operator how to compare
 * @param values strings, numbers or booleans; one, several for {@code in} and {@code not_in}, none for {@code exists} and
 *     {@code not_exists}
 */
public record Matcher(String key, Operator operator, List<AttributeValue> values) {

    /** How a value is compared. Unless the name says otherwise, an absent value never matches. */
    public enum Operator {
        /** Equal. */
        EQ,
        /** There, and not equal. */
        NEQ,
        /** Absent, or not equal. */
        NEQ_OR_ABSENT,
        /** Has this text in it. */
        CONTAINS,
        /** Begins with this text. */
        STARTS_WITH,
        /** Ends with this text. */
        ENDS_WITH,
        /** This regular expression (RE2) is found in it. */
        REGEX,
        /** Equal to one of several. */
        IN,
        /** There, and equal to none. */
        NOT_IN,
        /** There. */
        EXISTS,
        /** Absent. */
        NOT_EXISTS,
        /** Greater. */
        GT,
        /** Greater or equal. */
        GTE,
        /** Less. */
        LT,
        /** Less or equal. */
        LTE;

        /** Name in rules. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The operator of that name, null if there is none. */
        public static @Nullable Operator ofLabel(String label) {
            return Arrays.stream(values()).filter(operator -> operator.label().equals(label)).findFirst().orElse(null);
        }
    }

    public Matcher {
        if (key.isBlank()) {
            throw new IllegalArgumentException("key must not be empty");
        }
        values = List.copyOf(values);
        switch (operator) {
            case EXISTS, NOT_EXISTS -> require(values.isEmpty(), operator.label() + " takes no value");
            case IN, NOT_IN -> require(!values.isEmpty(), operator.label() + " needs values");
            case EQ, NEQ, NEQ_OR_ABSENT, CONTAINS, STARTS_WITH, ENDS_WITH, REGEX, GT, GTE, LT, LTE ->
                require(values.size() == 1, operator.label() + " needs one value");
        }
        // Refuses bad expressions and texts that are no number here, not when the first span comes.
        test(operator, values);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** The test of the value under {@link #key}. */
    public ValueTest test() {
        return test(operator, values);
    }

    /** The same comparison in another unit: bounds are multiplied. Only for operators that compare numbers. */
    public ValueTest test(long factor) {
        return new ValueTest.NumberIn(range().times(factor));
    }

    /** The numbers that pass; only for operators that compare numbers. */
    public NumberRange range() {
        return switch (operator) {
            case GT, GTE, LT, LTE -> range(operator, values.getFirst());
            case EQ -> NumberRange.exactly(number(values.getFirst()));
            case NEQ, NEQ_OR_ABSENT, CONTAINS, STARTS_WITH, ENDS_WITH, REGEX, IN, NOT_IN, EXISTS, NOT_EXISTS ->
                throw new IllegalArgumentException(key + " is a number: use eq, gt, gte, lt or lte");
        };
    }

    private static ValueTest test(Operator operator, List<AttributeValue> values) {
        return switch (operator) {
            case EQ, IN -> equal(values);
            case NEQ, NOT_IN -> new ValueTest.Other(equal(values));
            case NEQ_OR_ABSENT ->
                new ValueTest.AnyOf(List.of(new ValueTest.Absent(), new ValueTest.Other(equal(values))));
            case CONTAINS -> part(Part.CONTAINS, values);
            case STARTS_WITH -> part(Part.STARTS_WITH, values);
            case ENDS_WITH -> part(Part.ENDS_WITH, values);
            case REGEX -> new ValueTest.Read(ValueTest.As.TEXT,
                    ValueTest.StringMatches.of(List.of(text(values.getFirst()))));
            case EXISTS -> new ValueTest.Exists();
            case NOT_EXISTS -> new ValueTest.Absent();
            case GT, GTE, LT, LTE -> new ValueTest.Read(ValueTest.As.NUMBER,
                    new ValueTest.NumberIn(range(operator, values.getFirst())));
        };
    }

    private static ValueTest part(Part part, List<AttributeValue> values) {
        return new ValueTest.Read(ValueTest.As.TEXT, new ValueTest.StringPart(part, text(values.getFirst())));
    }

    private static NumberRange range(Operator operator, AttributeValue value) {
        BigDecimal bound = number(value);
        return switch (operator) {
            case GT -> NumberRange.above(bound);
            case GTE -> NumberRange.atLeast(bound);
            case LT -> NumberRange.below(bound);
            default -> NumberRange.atMost(bound);
        };
    }

    /** Texts are looked up together; those that are numbers or truth values match such values, too. */
    private static ValueTest equal(List<AttributeValue> values) {
        Set<String> texts = new HashSet<>();
        List<ValueTest> tests = new ArrayList<>();
        for (AttributeValue value : values) {
            texts.add(text(value));
            BigDecimal number = numberOrNull(value);
            if (number != null) {
                tests.add(new ValueTest.Read(ValueTest.As.NUMBER,
                        new ValueTest.NumberIn(NumberRange.exactly(number))));
            } else if (text(value).equals("true") || text(value).equals("false")) {
                tests.add(new ValueTest.BooleanIs(text(value).equals("true")));
            }
        }
        ValueTest in = new ValueTest.StringIn(texts);
        if (tests.isEmpty()) {
            return in;
        }
        tests.addFirst(in);
        return new ValueTest.AnyOf(tests);
    }

    private static String text(AttributeValue value) {
        return ValueTest.As.TEXT.read(value) instanceof StringValue text ? text.value() : "";
    }

    private static BigDecimal number(AttributeValue value) {
        BigDecimal number = numberOrNull(value);
        if (number == null) {
            throw new IllegalArgumentException("\"" + text(value) + "\" is not a number");
        }
        return number;
    }

    private static @Nullable BigDecimal numberOrNull(AttributeValue value) {
        return switch (ValueTest.As.NUMBER.read(value)) {
            case LongValue number -> BigDecimal.valueOf(number.value());
            case DoubleValue number when Double.isFinite(number.value()) ->
                new BigDecimal(Double.toString(number.value()));
            case null, default -> null;
        };
    }

    /** {@code "http.status_code gte 500"}. */
    @Override
    public String toString() {
        return values.isEmpty()
                ? key + " " + operator.label()
                : key + " " + operator.label() + " "
                        + values.stream().map(Matcher::quoted).collect(Collectors.joining(", "));
    }

    private static String quoted(AttributeValue value) {
        return value instanceof StringValue || value instanceof BoolValue
                ? SpanTestText.quoted(text(value))
                : text(value);
    }
}
