package dev.tailsampling.ottl;

import org.jspecify.annotations.Nullable;

/**
 * A parameter of a function.
 *
 * @param name in snake case
 * @param literal whether the argument must be a literal
 * @param optional whether it may be left out; {@code absent} is then its value
 */
record Parameter<T extends @Nullable Object>(String name, Kind<T> kind, boolean literal, boolean optional,
        @Nullable Object absent) {

    static <T extends @Nullable Object> Parameter<T> of(String name, Kind<T> kind) {
        return new Parameter<>(name, kind, false, false, null);
    }

    static <T extends @Nullable Object> Parameter<T> literal(String name, Kind<T> kind) {
        return new Parameter<>(name, kind, true, false, null);
    }

    static <T extends @Nullable Object> Parameter<T> optionalLiteral(String name, Kind<T> kind, Object absent) {
        return new Parameter<>(name, kind, true, true, absent);
    }

    /** The argument as the function wants it. */
    T read(@Nullable Object argument) {
        return kind.of(argument);
    }

    /** Whether a named argument means this one: {@code utf8_safe} or {@code utf8Safe}. */
    boolean isNamed(String other) {
        return name.replace("_", "").equalsIgnoreCase(other.replace("_", ""));
    }
}
