package dev.tailsampling.ottl;

import dev.tailsampling.ottl.Expression.Call;
import dev.tailsampling.ottl.Expression.IndexedCall;
import dev.tailsampling.ottl.Expression.IsRootSpan;
import dev.tailsampling.ottl.Expression.Literal;
import dev.tailsampling.trace.SpanField;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a condition: values and comparisons joined by {@code not}, {@code and}, {@code or} and parentheses. */
final class ConditionParser {

    private final Tokens tokens;
    private final ValueParser values;

    ConditionParser(String text, Context context) {
        this.tokens = new Tokens(text);
        this.values = new ValueParser(tokens, context);
    }

    Condition parse() {
        Condition condition = anyOf();
        if (!tokens.peek().is(Token.Type.END)) {
            throw tokens.unexpected("'and', 'or' or the end");
        }
        return condition;
    }

    /** Parts of a span that the paths read so far stand for. */
    Set<SpanField> fields() {
        return values.fields();
    }

    private Condition anyOf() {
        List<Condition> conditions = new ArrayList<>();
        do {
            conditions.add(allOf());
        } while (tokens.acceptWord("or"));
        return conditions.size() == 1 ? conditions.getFirst() : new Condition.AnyOf(List.copyOf(conditions));
    }

    private Condition allOf() {
        List<Condition> conditions = new ArrayList<>();
        do {
            conditions.add(tokens.acceptWord("not") ? new Condition.Not(single()) : single());
        } while (tokens.acceptWord("and"));
        return conditions.size() == 1 ? conditions.getFirst() : new Condition.AllOf(List.copyOf(conditions));
    }

    private Condition single() {
        Token first = tokens.peek();
        if (first.isSymbol("(")) {
            // Parentheses may also group arithmetic, which then goes on.
            Token behind = tokens.behindParentheses();
            if (behind.mathOperator() == null && behind.comparison() == null) {
                tokens.take();
                Condition inner = values.nested(this::anyOf);
                tokens.expectSymbol(")");
                return inner;
            }
        }
        Expression left = values.value();
        ComparisonOperator comparison = tokens.peek().comparison();
        if (comparison != null) {
            tokens.take();
            return new Condition.Compared(left, comparison, values.value());
        }
        return alone(left, first);
    }

    private Condition alone(Expression value, Token first) {
        return switch (value) {
            case Literal(Boolean bool) -> new Condition.IsTrue(value);
            case Call call -> new Condition.IsTrue(value);
            case IndexedCall call -> new Condition.IsTrue(value);
            case IsRootSpan root -> new Condition.IsTrue(value);
            case Expression other -> throw tokens.peek().is(Token.Type.END) || tokens.peek().isWord("and")
                    || tokens.peek().isWord("or") || tokens.peek().isSymbol(")")
                            ? tokens.problem("a value that is neither true nor false; compare it with another one",
                                    first)
                            : tokens.unexpected("a comparison such as ==");
        };
    }
}
