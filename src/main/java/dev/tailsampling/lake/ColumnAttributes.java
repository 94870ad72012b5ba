package dev.tailsampling.lake;

import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributesView;
import org.jspecify.annotations.Nullable;

/** Attributes of the current row, or of an item in one of its lists, in columns. */
interface ColumnAttributes extends AttributesView {

    /** Turns to the item at that place of the current row's list; to be called with ascending places from 0. */
    void moveTo(int item);

    /**
     * Writes all of them as attributes of what was begun last.
     *
     * @param leftOut the key of one that is not written, null to write all
     */
    void writeTo(SpanEncoder encoder, @Nullable AttributeKey leftOut);
}
