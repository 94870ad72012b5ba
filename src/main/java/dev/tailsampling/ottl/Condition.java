package dev.tailsampling.ottl;

import java.util.List;

/** A part of a condition that is true or false. */
sealed interface Condition {

    /** @throws EvaluationException if a value does not fit */
    boolean test(Subject subject);

    /** Joined by {@code or}; evaluated from the left up to the first that is true. */
    record AnyOf(List<Condition> conditions) implements Condition {
        @Override
        public boolean test(Subject subject) {
            for (Condition condition : conditions) {
                if (condition.test(subject)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Joined by {@code and}; evaluated from the left up to the first that is false. */
    record AllOf(List<Condition> conditions) implements Condition {
        @Override
        public boolean test(Subject subject) {
            for (Condition condition : conditions) {
                if (!condition.test(subject)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The contrary. */
    record Not(Condition condition) implements Condition {
        @Override
        public boolean test(Subject subject) {
            return !condition.test(subject);
        }
    }

    /** Two values compared. */
    record Compared(Expression left, ComparisonOperator operator, Expression right) implements Condition {
        @Override
        public boolean test(Subject subject) {
            Object value = left.evaluate(subject);
            return Comparison.holds(value, operator, right.evaluate(subject));
        }
    }

    /** A boolean literal, or a function that gives a boolean. */
    record IsTrue(Expression expression) implements Condition {
        @Override
        public boolean test(Subject subject) {
            Object value = expression.evaluate(subject);
            if (value instanceof Boolean bool) {
                return bool;
            }
            throw new EvaluationException(
                    "a function that stands alone must give true or false, it gave " + Values.typeOf(value));
        }
    }
}
