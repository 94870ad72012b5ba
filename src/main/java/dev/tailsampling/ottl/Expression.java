package dev.tailsampling.ottl;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A part of a condition that has a value, see {@link Values}. */
sealed interface Expression {

    /** @throws EvaluationException if the subject's values do not fit */
    @Nullable
    Object evaluate(Subject subject);

    /** A value that is known from the text. */
    record Literal(@Nullable Object value) implements Expression {
        @Override
        public @Nullable Object evaluate(Subject subject) {
            return value;
        }
    }

    /** A field of the subject. */
    record Path(Function<Subject, @Nullable Object> field) implements Expression {
        @Override
        public @Nullable Object evaluate(Subject subject) {
            return field.apply(subject);
        }
    }

    /** All attributes of something. */
    record Attributes(Function<Subject, AttributesView> owner) implements Expression {
        @Override
        public AttributesView evaluate(Subject subject) {
            return owner.apply(subject);
        }
    }

    /** One attribute of something, nil when absent. */
    record Attribute(Function<Subject, AttributesView> owner, AttributeKey key) implements Expression {
        @Override
        public @Nullable Object evaluate(Subject subject) {
            AttributeValue value = owner.apply(subject).get(key);
            return value == null ? null : Values.of(value);
        }
    }

    /** An attribute whose key is computed. */
    record ComputedAttribute(Function<Subject, AttributesView> owner, Expression key) implements Expression {
        @Override
        public @Nullable Object evaluate(Subject subject) {
            String name = Kinds.string(key.evaluate(subject));
            return new Attribute(owner, AttributeKey.of(name)).evaluate(subject);
        }
    }

    /** An element inside a path's value; what is missing on the way makes it nil. */
    record Indexed(Expression base, List<Expression> keys) implements Expression {
        @Override
        public @Nullable Object evaluate(Subject subject) {
            Object value = base.evaluate(subject);
            for (Expression key : keys) {
                if (value == null) {
                    return null;
                }
                value = Values.element(value, key.evaluate(subject));
            }
            return value;
        }
    }

    /** An element inside a function's result, where what is missing is an error. */
    record IndexedCall(Expression call, List<Expression> keys) implements Expression {
        @Override
        public @Nullable Object evaluate(Subject subject) {
            Object value = call.evaluate(subject);
            for (Expression expression : keys) {
                Object key = expression.evaluate(subject);
                if (value instanceof Map<?, ?> map && key instanceof String && !map.containsKey(key)) {
                    throw new EvaluationException("no key \"" + key + "\" in a function's result");
                }
                value = Values.element(value, key);
            }
            return value;
        }
    }

    /** Two values and an operator. */
    record Arithmetic(Expression left, MathOperator operator, Expression right) implements Expression {
        @Override
        public Object evaluate(Subject subject) {
            return operator.apply(left.evaluate(subject), right.evaluate(subject));
        }
    }

    /** A number with the sign changed. */
    record Negative(Expression number) implements Expression {
        @Override
        public Object evaluate(Subject subject) {
            return switch (number.evaluate(subject)) {
                case Long value -> -value;
                case Double value -> -value;
                case Object value -> throw new EvaluationException(Values.typeOf(value) + " has no negative");
                case null -> throw new EvaluationException("nil has no negative");
            };
        }
    }

    /** A list of values. */
    record ListOf(List<Expression> elements) implements Expression {
        @Override
        public List<@Nullable Object> evaluate(Subject subject) {
            List<@Nullable Object> values = new ArrayList<>(elements.size());
            elements.forEach(element -> values.add(element.evaluate(subject)));
            return values;
        }
    }

    /** A map of values. */
    record MapOf(Map<String, Expression> entries) implements Expression {
        @Override
        public Map<String, @Nullable Object> evaluate(Subject subject) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            entries.forEach((key, value) -> values.put(key, value.evaluate(subject)));
            return values;
        }
    }

    /** The result of a function. */
    record Call(Converter converter, List<Expression> arguments) implements Expression {
        @Override
        public @Nullable Object evaluate(Subject subject) {
            @Nullable Object[] values = new @Nullable Object[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments.get(i).evaluate(subject);
            }
            return converter.body().apply(values);
        }
    }

    /** Whether the span has no parent. */
    record IsRootSpan() implements Expression {
        @Override
        public Boolean evaluate(Subject subject) {
            return subject.span().isRoot();
        }
    }
}
