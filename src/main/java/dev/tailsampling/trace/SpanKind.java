package dev.tailsampling.trace;

import org.jspecify.annotations.Nullable;

/** Kind of a span; the ordinal is the number on the wire (opentelemetry.proto.trace.v1.Span.SpanKind). */
public enum SpanKind {
    UNSPECIFIED, INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER;

    private static final SpanKind[] BY_NUMBER = values();

    /** The kind for a name, with or without the {@code SPAN_KIND_} prefix, any case; null for another text. */
    public static @Nullable SpanKind ofName(String name) {
        for (SpanKind kind : BY_NUMBER) {
            if (kind.name().equalsIgnoreCase(name) || ("SPAN_KIND_" + kind.name()).equalsIgnoreCase(name)) {
                return kind;
            }
        }
        return null;
    }

    /** The kind for a wire number; a number that this version does not know counts as {@link #UNSPECIFIED}. */
    public static SpanKind ofNumber(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNSPECIFIED;
    }
}
