package dev.tailsampling.ottl;

import dev.tailsampling.ottl.Expression.Attributes;
import dev.tailsampling.ottl.Expression.Call;
import dev.tailsampling.ottl.Expression.Literal;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives each parameter of a function its argument; literals are checked, and made what the function wants, at once. */
final class ArgumentBinding {

    /** Stands for attributes as a whole, whichever they are. */
    private static final AttributesView ANY_ATTRIBUTES = new AttributesView() {
        @Override
        public @Nullable AttributeValue get(AttributeKey key) {
            return null;
        }

        @Override
        public int size() {
            return 0;
        }
    };

    private final Tokens tokens;
    private final Token function;
    private final Converter converter;

    ArgumentBinding(Tokens tokens, Token function, Converter converter) {
        this.tokens = tokens;
        this.function = function;
        this.converter = converter;
    }

    Expression bind(List<Argument> arguments) {
        List<Parameter<?>> parameters = converter.parameters();
        if (arguments.size() > parameters.size() || arguments.size() < converter.required()) {
            throw problem("takes " + arity() + ", not " + arguments.size(), function);
        }
        @Nullable Expression[] bound = new @Nullable Expression[parameters.size()];
        boolean named = false;
        for (int i = 0; i < arguments.size(); i++) {
            Argument argument = arguments.get(i);
            if (named && argument.name() == null) {
                throw problem("has an argument without name behind one with a name", argument.at());
            }
            named |= argument.name() != null;
            int index = named ? indexOf(argument) : i;
            if (bound[index] != null) {
                throw problem("has two arguments " + parameters.get(index).name(), argument.at());
            }
            bound[index] = checked(parameters.get(index), argument);
        }
        List<Expression> complete = new ArrayList<>();
        for (int i = 0; i < bound.length; i++) {
            Expression argument = bound[i];
            complete.add(argument == null ? absent(parameters.get(i)) : argument);
        }
        return Constants.fold(new Call(converter, List.copyOf(complete)), complete);
    }

    private Literal absent(Parameter<?> parameter) {
        if (!parameter.optional()) {
            throw problem("misses its argument " + parameter.name(), function);
        }
        return new Literal(parameter.absent());
    }

    private int indexOf(Argument argument) {
        String name = String.valueOf(argument.name());
        for (int i = 0; i < converter.parameters().size(); i++) {
            if (converter.parameters().get(i).isNamed(name)) {
                return i;
            }
        }
        throw problem("has no parameter " + name + "; it takes " + arity(), argument.at());
    }

    private Expression checked(Parameter<?> parameter, Argument argument) {
        return switch (argument.value()) {
            case Literal literal -> literal(parameter, literal.value(), argument);
            case Attributes whole -> {
                literal(parameter, ANY_ATTRIBUTES, argument);
                yield whole;
            }
            case Expression other when parameter.literal() ->
                throw problem("wants a literal for " + parameter.name(), argument.at());
            case Expression other -> other;
        };
    }

    private Literal literal(Parameter<?> parameter, @Nullable Object value, Argument argument) {
        try {
            return new Literal(parameter.read(value));
        } catch (EvaluationException e) {
            throw problem("cannot take this " + parameter.name() + ": " + e.getMessage(), argument.at());
        }
    }

    private String arity() {
        List<String> names = converter.parameters().stream()
                .map(parameter -> parameter.optional() ? parameter.name() + " (optional)" : parameter.name()).toList();
        return names.size() + (names.size() == 1 ? " argument: " : " arguments: ") + String.join(", ", names);
    }

    private OttlException problem(String problem, Token at) {
        return tokens.problem(converter.name() + " " + problem, at);
    }
}
