package dev.tailsampling.policy;

import dev.tailsampling.ottl.EvaluationException;
import dev.tailsampling.ottl.GoNumbers;
import dev.tailsampling.sampler.CodePointOrder;
import dev.tailsampling.sampler.KeyText;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a value as Refinery (v3.2.2) evaluates it. What is absent prints as {@code <nil>} where texts are
 * compared, so that {@code !=} with datatype string, {@code does-not-contain} and {@code not-in} are true of it.
 *
 * @param operator how to compare
 * @param datatype what both sides are converted to first; where the operator has no use for it, it is dropped
 * @param values what to compare with, converted: one, several for {@code in} and {@code not-in}, none for
 *     {@code exists} and {@code not-exists}
 * @param pattern for {@code matches} only
 */
public record RefineryComparison(Operator operator, Datatype datatype, List<AttributeValue> values,
        ValueTest.@Nullable StringMatches pattern) implements ValueTest {

    private static final int MISMATCH = Integer.MIN_VALUE;
    private static final String ABSENT = "<nil>";

    /** Operators by their names in a rules file. */
    public enum Operator {
        EQ("="), NE("!="), LT("<"), LE("<="), GT(">"), GE(">="), STARTS_WITH("starts-with"), CONTAINS("contains"),
        DOES_NOT_CONTAIN("does-not-contain"), MATCHES("matches"), IN("in"), NOT_IN("not-in"), EXISTS("exists"),
        NOT_EXISTS("not-exists");

        private final String label;

        Operator(String label) {
            this.label = label;
        }

        /** Name in a rules file. */
        public String label() {
            return label;
        }

        /** The operator of that name, null if there is none. */
        public static @Nullable Operator ofLabel(String label) {
            return Arrays.stream(values()).filter(operator -> operator.label.equals(label)).findFirst().orElse(null);
        }

        /** Whether it compares by order; the others look at texts, at sets, or at presence. */
        public boolean isOrdering() {
            return ordinal() <= GE.ordinal();
        }

        private Datatype effective(Datatype datatype) {
            return switch (this) {
                case EQ, NE -> datatype;
                // Refinery has no order of truth values under a datatype and falls back to the values as they are.
                case LT, LE, GT, GE -> datatype == Datatype.BOOL ? Datatype.UNTYPED : datatype;
                case STARTS_WITH, CONTAINS, DOES_NOT_CONTAIN, MATCHES -> Datatype.STRING;
                case IN, NOT_IN -> datatype == Datatype.UNTYPED ? Datatype.STRING : datatype;
                case EXISTS, NOT_EXISTS -> Datatype.UNTYPED;
            };
        }

        private boolean accepts(int order) {
            return switch (this) {
                case EQ -> order == 0;
                case NE -> order != 0;
                case LT -> order < 0;
                case LE -> order <= 0;
                case GT -> order > 0;
                case GE -> order >= 0;
                default -> throw new IllegalStateException(label + " does not compare by order");
            };
        }
    }

    /** Types that both sides of a comparison are converted to. */
    public enum Datatype {
        /** None: numbers compare with numbers, texts with texts, truth values with truth values. */
        UNTYPED {
            @Override
            @Nullable
            AttributeValue read(@Nullable AttributeValue value) {
                return value;
            }
        },
        /** As Go prints it. */
        STRING {
            @Override
            AttributeValue read(@Nullable AttributeValue value) {
                return value instanceof StringValue ? value : new StringValue(text(value));
            }
        },
        /** Doubles lose their fraction, texts are read as decimal integers; nothing else is one. */
        INT {
            @Override
            @Nullable
            AttributeValue read(@Nullable AttributeValue value) {
                return switch (value) {
                    case LongValue number -> number;
                    case DoubleValue number -> new LongValue(truncated(number.value()));
                    case StringValue text ->
                        parsed(text.value(), whole -> new LongValue(GoNumbers.parseLong(whole, 10)));
                    case null, default -> null;
                };
            }
        },
        /** Texts are read as decimal numbers; truth values are none. */
        FLOAT {
            @Override
            @Nullable
            AttributeValue read(@Nullable AttributeValue value) {
                return switch (value) {
                    case DoubleValue number -> number;
                    case LongValue number -> new DoubleValue(number.value());
                    case StringValue text ->
                        parsed(text.value(), number -> new DoubleValue(GoNumbers.parseDouble(number)));
                    case null, default -> null;
                };
            }
        },
        /** What prints as {@code true}, {@code t} or {@code 1} is true, everything else that is there is false. */
        BOOL {
            @Override
            @Nullable
            AttributeValue read(@Nullable AttributeValue value) {
                return value == null ? null : new BoolValue(TRUE.contains(text(value)));
            }
        };

        private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

        /** The value as this type; null if it cannot be. */
        abstract @Nullable AttributeValue read(@Nullable AttributeValue value);

        /** Name in a rules file; empty for none. */
        public String label() {
            return this == UNTYPED ? "" : name().toLowerCase(Locale.ROOT);
        }

        /** The datatype of that name, null if there is none. */
        public static @Nullable Datatype ofLabel(String label) {
            return Arrays.stream(values()).filter(type -> type.label().equals(label)).findFirst().orElse(null);
        }

        /** What does not fit into 64 bits is the lowest integer, as on Refinery's usual processors. */
        private static long truncated(double value) {
            return value >= -0x1p63 && value < 0x1p63 ? (long) value : Long.MIN_VALUE;
        }

        private interface Reader {
            AttributeValue read(String text);
        }

        private static @Nullable AttributeValue parsed(String text, Reader reader) {
            try {
                return reader.read(text);
            } catch (EvaluationException notOne) {
                return null;
            }
        }
    }

    public RefineryComparison {
        switch (operator) {
            case EXISTS, NOT_EXISTS -> values = List.of();
            case IN, NOT_IN -> {
                require(datatype != Datatype.BOOL, operator.label + " cannot be used with datatype bool");
                require(!values.isEmpty(), operator.label + " needs values");
            }
            default -> require(values.size() == 1, operator.label + " needs one value");
        }
        require((operator == Operator.MATCHES) == (pattern != null), "matches needs a pattern, and nothing else does");
        Datatype type = operator.effective(datatype);
        datatype = type;
        values = values.stream().map(value -> converted(value, type)).toList();
    }

    /** A condition. */
    public static RefineryComparison of(Operator operator, Datatype datatype, List<AttributeValue> values) {
        return new RefineryComparison(operator, datatype, values, operator == Operator.MATCHES
                ? ValueTest.StringMatches.of(values.stream().map(RefineryComparison::text).toList())
                : null);
    }

    private static AttributeValue converted(AttributeValue value, Datatype datatype) {
        AttributeValue converted = datatype.read(value);
        require(converted != null, "\"" + text(value) + "\" is not of datatype " + datatype.label());
        return converted == null ? value : converted;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    @Override
    public boolean test(@Nullable AttributeValue value) {
        return switch (operator) {
            case EQ, NE, LT, LE, GT, GE -> isOrdered(datatype.read(value));
            case STARTS_WITH -> text(value).startsWith(expectedText());
            case CONTAINS -> text(value).contains(expectedText());
            case DOES_NOT_CONTAIN -> !text(value).contains(expectedText());
            case MATCHES -> pattern != null && pattern.test(Datatype.STRING.read(value));
            case IN -> isAmong(datatype.read(value));
            case NOT_IN -> !isAmong(datatype.read(value));
            case EXISTS -> value != null;
            case NOT_EXISTS -> value == null;
        };
    }

    private boolean isOrdered(@Nullable AttributeValue value) {
        if (datatype == Datatype.FLOAT && value instanceof DoubleValue number && Double.isNaN(number.value())) {
            return operator == Operator.NE;
        }
        int order = value == null ? MISMATCH : compare(value, values.getFirst());
        return order != MISMATCH && operator.accepts(order);
    }

    private boolean isAmong(@Nullable AttributeValue value) {
        return value != null && values.contains(value);
    }

    private String expectedText() {
        return text(values.getFirst());
    }

    /** Integers with integers to the last bit, other numbers as doubles; without a datatype NaN equals every number. */
    private static int compare(AttributeValue left, AttributeValue right) {
        return switch (left) {
            case LongValue number when right instanceof LongValue other -> Long.compare(number.value(), other.value());
            case LongValue number when right instanceof DoubleValue other -> compare(number.value(), other.value());
            case DoubleValue number when right instanceof LongValue other -> compare(number.value(), other.value());
            case DoubleValue number when right instanceof DoubleValue other -> compare(number.value(), other.value());
            case BoolValue bool when right instanceof BoolValue other -> Boolean.compare(bool.value(), other.value());
            case StringValue text when right instanceof StringValue other ->
                Integer.signum(CodePointOrder.INSTANCE.compare(text.value(), other.value()));
            default -> MISMATCH;
        };
    }

    private static int compare(double left, double right) {
        return left < right ? -1 : left > right ? 1 : 0;
    }

    private static String text(@Nullable AttributeValue value) {
        return value == null ? ABSENT : KeyText.ofRootValue(value);
    }

    /** {@code = int 500}; different comparisons have different texts. */
    @Override
    public String toString() {
        String type = datatype == Datatype.UNTYPED ? "" : " " + datatype.label();
        return operator.label + type + values.stream()
                .map(value -> value instanceof StringValue text ? SpanTestText.quoted(text.value()) : number(value))
                .collect(Collectors.joining(", ", values.isEmpty() ? "" : " ", ""));
    }

    /** 2.0 is not 2: they compare alike with numbers, but the type of the double shows. */
    private static String number(AttributeValue value) {
        return value instanceof DoubleValue number ? Double.toString(number.value()) : text(value);
    }
}
