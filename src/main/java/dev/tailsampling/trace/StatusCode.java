package dev.tailsampling.trace;

import org.jspecify.annotations.Nullable;

/** Status of a span; the ordinal is the number on the wire (opentelemetry.proto.trace.v1.Status.StatusCode). */
public enum StatusCode {
    UNSET, OK, ERROR;

    private static final StatusCode[] BY_NUMBER = values();

    /** The code for a wire number; a number that this version does not know counts as {@link #UNSET}. */
    public static StatusCode ofNumber(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNSET;
    }

    /** The code for a name, with or without the {@code STATUS_CODE_} prefix, any case; null for another text. */
    public static @Nullable StatusCode ofName(String name) {
        for (StatusCode code : BY_NUMBER) {
            if (code.name().equalsIgnoreCase(name) || ("STATUS_CODE_" + code.name()).equalsIgnoreCase(name)) {
                return code;
            }
        }
        return null;
    }
}
