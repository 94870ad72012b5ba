package dev.tailsampling.translate;

import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keys with values on their way to attributes; of equal keys the last one counts. Not thread-safe. */
final class Tags {

    private final Map<String, AttributeValue> values = new LinkedHashMap<>();

    Tags put(String key, AttributeValue value) {
        values.put(key, value);
        return this;
    }

    Tags put(String key, String value) {
        return put(key, new StringValue(value));
    }

    @Nullable
    AttributeValue get(String key) {
        return values.get(key);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    void remove(String key) {
        values.remove(key);
    }

    /** The text under a key, null if there is none. */
    @Nullable
    String text(String key) {
        return values.get(key) instanceof StringValue text ? text.value() : null;
    }

    /** The same, and the key is gone afterwards. */
    @Nullable
    String takeText(String key) {
        String text = text(key);
        if (text != null) {
            values.remove(key);
        }
        return text;
    }

    /** Whether the value is true, or the text "true". */
    boolean isTrue(String key) {
        return values.get(key) instanceof BoolValue flag ? flag.value() : "true".equals(text(key));
    }

    /** Gives another key to a value, unless that key is in use. */
    void rename(String from, String to) {
        AttributeValue value = has(to) ? null : values.remove(from);
        if (value != null) {
            put(to, value);
        }
    }

    /** Moves those with such keys to others. */
    void moveTo(Tags other, Predicate<String> keys) {
        values.entrySet().removeIf(entry -> {
            boolean moves = keys.test(entry.getKey());
            if (moves) {
                other.put(entry.getKey(), entry.getValue());
            }
            return moves;
        });
    }

    /** Writes all as attributes of what was begun last. */
    void writeTo(RequestBuilder request) {
        values.forEach(request::attribute);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tags tags && values.equals(tags.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
