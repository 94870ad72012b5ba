package dev.tailsampling.ottl;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that conditions compute with: nil as null, {@link Boolean}, {@link Long}, {@link Double}, {@link String},
 * {@code byte[]}, {@link List}, {@link Map} with keys of type String, {@link Instant}, {@link Duration}, {@link TraceId},
 * {@link SpanId}; and for paths that are not read as a whole {@link AttributesView}, {@link Count} and {@link Status}.
 */
final class Values {

    /** A span's id, which equals another id only, not bytes or a text. */
    record SpanId(long value) {}

    /** The events or the links of a span, of which only the number is known. */
    record Count(int size) {}

    /** The status of a span as a whole, which equals nothing that a condition can write. */
    record Status() {}

    private Values() {}

    /** The value of an attribute; an empty one is nil. */
    static @Nullable Object of(AttributeValue value) {
        return switch (value) {
            case AttributeValue.StringValue string -> string.value();
            case AttributeValue.BoolValue bool -> bool.value();
            case AttributeValue.LongValue number -> number.value();
            case AttributeValue.DoubleValue number -> number.value();
            case AttributeValue.BytesValue bytes -> bytes.value();
            case AttributeValue.ListValue list -> {
                List<@Nullable Object> elements = new ArrayList<>();
                list.values().forEach(element -> elements.add(of(element)));
                yield elements;
            }
            case AttributeValue.MapValue map -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                for (AttributeValue.MapValue.Entry entry : map.entries()) {
                    // Of a repeated key the first counts, as in AttributesView.
                    if (!entries.containsKey(entry.key())) {
                        entries.put(entry.key(), of(entry.value()));
                    }
                }
                yield entries;
            }
            case AttributeValue.EmptyValue empty -> null;
        };
    }

    /** What a value is, for error messages. */
    static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case Boolean bool -> "a bool";
            case Long number -> "an int";
            case Double number -> "a double";
            case String string -> "a string";
            case byte[] bytes -> "bytes";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a map";
            case AttributesView attributes -> "a map";
            case Instant time -> "a time";
            case Duration duration -> "a duration";
            case TraceId id -> "a trace id";
            case SpanId id -> "a span id";
            case Count items -> "events or links";
            default -> "a status";
        };
    }

    /**
     * The element of a list or map.
     *
     * @return null if a map does not have the key
     * @throws EvaluationException if the value has no elements, or not at such a key
     */
    static @Nullable Object element(@Nullable Object container, @Nullable Object key) {
        return switch (container) {
            case Map<?, ?> map when key instanceof String -> map.get(key);
            case List<?> list when key instanceof Long index -> {
                if (index < 0 || index >= list.size()) {
                    throw new EvaluationException(
                            "index " + index + " in a list of " + list.size() + " elements");
                }
                yield list.get(index.intValue());
            }
            case null, default -> throw new EvaluationException(
                    typeOf(container) + " cannot be indexed by " + typeOf(key));
        };
    }
}
