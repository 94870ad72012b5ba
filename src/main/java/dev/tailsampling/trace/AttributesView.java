package dev.tailsampling.trace;

import org.jspecify.annotations.Nullable;

/** Attributes of a span, an event, a link, a scope or a resource, looked up by key on demand. */
public interface AttributesView {

    /**
     * The value under a key, or null when the key is absent. Of a repeated key the first value counts, since the
     * specification makes keys unique and names no winner.
     */
    @Nullable
    AttributeValue get(AttributeKey key);

    /** Number of attributes; a repeated key counts each time. */
    int size();
}
