package dev.tailsampling.layout;

import org.jspecify.annotations.Nullable;

/**
 * Which columns hold the fields of a span, where a row is a span; null where no column does. Immutable.
 *
 * <p>Ids are hex digits in either case, base64, UUIDs, or bytes (binary, fixed), as the column's type and content tell;
 * trace ids of 8 bytes have zeros in front, and a parent id that is null, empty or all zeros is none. Kind and status
 * code are numbers of OTLP, or names in the spellings {@code Server}, {@code SERVER}, {@code SPAN_KIND_SERVER}.
 *
 * @param traceId path of the trace id; such a column there must be
 * @param spanId path of the span id; such a column there must be
 * @param parentSpanId path of the parent's span id
 * @param traceState path of the W3C tracestate, string
 * @param flags path of the flags, int or long
 * @param name path of the span's name, string
 * @param kind path of the kind
 * @param times start, end and duration
 * @param statusCode path of the status code
 * @param statusMessage path of the status message, string
 * @param serviceName path of {@code service.name}, string; it comes before what the resource's attributes say
 * @param resourceAttributes attributes of the resource
 * @param scope instrumentation scope
 * @param spanAttributes attributes of the span
 * @param dropped how much the sender left out
 * @param events events of the span
 * @param links links of the span
 */
public record SpanColumns(String traceId, String spanId, @Nullable String parentSpanId, @Nullable String traceState,
        @Nullable String flags, @Nullable String name, @Nullable String kind, Times times,
        @Nullable String statusCode, @Nullable String statusMessage, @Nullable String serviceName,
        @Nullable AttributeColumns resourceAttributes, Scope scope, @Nullable AttributeColumns spanAttributes,
        DroppedCounts dropped, @Nullable EventColumns events, @Nullable LinkColumns links) {

    /**
     * When the span was: a start, or an end and a duration; an end, or a start and a duration. What two of them do not
     * tell is taken from the third, and without end and duration the span ends when it starts.
     */
    public record Times(@Nullable TimeColumn start, @Nullable TimeColumn end, @Nullable TimeColumn duration) {}

    /** The instrumentation scope: name and version are strings. */
    public record Scope(@Nullable String name, @Nullable String version, @Nullable AttributeColumns attributes) {}

    /** How many attributes, events and links the sender left out; int or long. */
    public record DroppedCounts(@Nullable String attributes, @Nullable String events, @Nullable String links) {}
}
