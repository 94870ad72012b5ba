package dev.tailsampling.ottl;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An arithmetic operator. Ints wrap around as in Go; an int and a double give a double; times and durations add up. */
enum MathOperator {
    ADD("+"), SUBTRACT("-"), MULTIPLY("*"), DIVIDE("/");

    private final String symbol;

    MathOperator(String symbol) {
        this.symbol = symbol;
    }

    static @Nullable MathOperator ofSymbol(String symbol) {
        for (MathOperator operator : values()) {
            if (operator.symbol.equals(symbol)) {
                return operator;
            }
        }
        return null;
    }

    boolean bindsTightly() {
        return this == MULTIPLY || this == DIVIDE;
    }

    /** @throws EvaluationException if the operator has no meaning between the values, or divides by 0 */
    Object apply(@Nullable Object left, @Nullable Object right) {
        return switch (left) {
            case Long a when right instanceof Long b -> ofLongs(a, b);
            case Number a when right instanceof Number b -> ofDoubles(a.doubleValue(), b.doubleValue());
            case Instant a when right instanceof Duration b && this == ADD -> inRange(() -> a.plus(b));
            case Duration a when right instanceof Instant b && this == ADD -> inRange(() -> b.plus(a));
            case Instant a when right instanceof Duration b && this == SUBTRACT -> inRange(() -> a.minus(b));
            case Instant a when right instanceof Instant b && this == SUBTRACT -> inRange(() -> Duration.between(b, a));
            case Duration a when right instanceof Duration b && this == ADD -> inRange(() -> a.plus(b));
            case Duration a when right instanceof Duration b && this == SUBTRACT -> inRange(() -> a.minus(b));
            case null, default -> throw new EvaluationException(
                    symbol + " is not defined between " + Values.typeOf(left) + " and " + Values.typeOf(right));
        };
    }

    private long ofLongs(long a, long b) {
        return switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / notZero(b);
        };
    }

    private double ofDoubles(double a, double b) {
        return switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> {
                notZero(b == 0 ? 0 : 1);
                yield a / b;
            }
        };
    }

    private static long notZero(long divisor) {
        if (divisor == 0) {
            throw new EvaluationException("division by 0");
        }
        return divisor;
    }

    private interface TimeMath {
        Object result();
    }

    private static Object inRange(TimeMath math) {
        try {
            return math.result();
        } catch (DateTimeException | ArithmeticException e) {
            throw new EvaluationException("a time or duration out of range");
        }
    }
}
