package dev.tailsampling.ottl;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A pure function of OTTL: the same arguments give the same result. */
record Converter(String name, List<Parameter<?>> parameters, Body body) {

    /** What a function does with its arguments, of which there is one for each parameter. */
    interface Body {
        /** @throws EvaluationException if an argument does not fit */
        @Nullable
        Object apply(@Nullable Object[] arguments);
    }

    static <A extends @Nullable Object> Converter of(String name, Parameter<A> a, Function<A, @Nullable Object> body) {
        return new Converter(name, List.of(a), arguments -> body.apply(a.read(arguments[0])));
    }

    static <A extends @Nullable Object, B extends @Nullable Object> Converter of(String name, Parameter<A> a,
            Parameter<B> b, BiFunction<A, B, @Nullable Object> body) {
        return new Converter(name, List.of(a, b),
                arguments -> body.apply(a.read(arguments[0]), b.read(arguments[1])));
    }

    /** How many arguments it takes at least. */
    int required() {
        return (int) parameters.stream().filter(parameter -> !parameter.optional()).count();
    }
}
