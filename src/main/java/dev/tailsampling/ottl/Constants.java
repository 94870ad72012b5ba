package dev.tailsampling.ottl;

import dev.tailsampling.ottl.Expression.Literal;
import java.util.Collection;

/** Computes what does not depend on the subject, once. */
final class Constants {

    @SuppressWarnings("NullAway") // Literals do not look at their subject.
    private static final Subject NONE = new Subject(null, null);

    private Constants() {}

    /**
     * The expression's value, if its parts are literals. What fails stays as it is: it is an error only when it is
     * evaluated, as in the Collector.
     */
    static Expression fold(Expression expression, Collection<Expression> parts) {
        if (!parts.stream().allMatch(Literal.class::isInstance)) {
            return expression;
        }
        try {
            return new Literal(expression.evaluate(NONE));
        } catch (EvaluationException e) {
            return expression;
        }
    }
}
