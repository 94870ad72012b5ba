package dev.tailsampling.ottl;

import org.jspecify.annotations.Nullable;

/** What an argument must be, or is made into. */
@FunctionalInterface
interface Kind<T extends @Nullable Object> {

    /** @throws EvaluationException if the value is not of the kind */
    T of(@Nullable Object value);
}
