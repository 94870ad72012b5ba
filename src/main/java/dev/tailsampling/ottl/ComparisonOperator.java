package dev.tailsampling.ottl;

import org.jspecify.annotations.Nullable;

/** An operator between two values. */
enum ComparisonOperator {
    EQUAL("=="), NOT_EQUAL("!="), LESS("<"), LESS_OR_EQUAL("<="), GREATER(">"), GREATER_OR_EQUAL(">=");

    private final String symbol;

    ComparisonOperator(String symbol) {
        this.symbol = symbol;
    }

    static @Nullable ComparisonOperator ofSymbol(String symbol) {
        for (ComparisonOperator operator : values()) {
            if (operator.symbol.equals(symbol)) {
                return operator;
            }
        }
        return null;
    }

    /** Whether it holds between values that compare so: negative, zero or positive. */
    boolean holds(int comparison) {
        return switch (this) {
            case EQUAL -> comparison == 0;
            case NOT_EQUAL -> comparison != 0;
            case LESS -> comparison < 0;
            case LESS_OR_EQUAL -> comparison <= 0;
            case GREATER -> comparison > 0;
            case GREATER_OR_EQUAL -> comparison >= 0;
        };
    }

    /** Whether it holds between doubles; NaN is only unequal to anything. */
    boolean holds(double left, double right) {
        return Double.isNaN(left) || Double.isNaN(right)
                ? this == NOT_EQUAL
                : holds(left < right ? -1 : left > right ? 1 : 0);
    }

    /** Whether it holds between values without an order, which are only equal or not. */
    boolean holdsUnordered(boolean equal) {
        return this == EQUAL && equal || this == NOT_EQUAL && !equal;
    }
}
