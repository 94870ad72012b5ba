package dev.tailsampling.lake;

import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import org.jspecify.annotations.Nullable;

/** Attributes for which there is no column. */
record NoAttributes() implements ColumnAttributes {

    @Override
    public void moveTo(int item) {
        // There are none in any item.
    }

    @Override
    public void writeTo(SpanEncoder encoder, @Nullable AttributeKey leftOut) {
        // There is nothing to write.
    }

    @Override
    public @Nullable AttributeValue get(AttributeKey key) {
        return null;
    }

    @Override
    public long generation() {
        return 0;
    }

    @Override
    public int size() {
        return 0;
    }
}
