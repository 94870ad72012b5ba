package dev.tailsampling.lake;

import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attributes that have a column each. Not thread-safe.
 *
 * @param columns key → column
 */
record PrefixedAttributes(Map<AttributeKey, ValueColumn> columns) implements ColumnAttributes {

    @Override
    public void moveTo(int item) {
        throw new IllegalStateException("items have no columns of their own");
    }

    @Override
    public @Nullable AttributeValue get(AttributeKey key) {
        ValueColumn column = columns.get(key);
        return column == null ? null : column.value(0);
    }

    @Override
    public int size() {
        return (int) columns.values().stream().filter(column -> column.value(0) != null).count();
    }

    @Override
    public void writeTo(SpanEncoder encoder, @Nullable AttributeKey leftOut) {
        columns.forEach((key, column) -> {
            AttributeValue value = key.equals(leftOut) ? null : column.value(0);
            if (value != null) {
                encoder.attribute(key.name(), value);
            }
        });
    }
}
