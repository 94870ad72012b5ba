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

    /** Receives values by the numbers of their keys. */
    interface Receiver {
        /** Whether the value of that key is wanted; asked for each one that is there. */
        boolean wants(int number);

        /** A value that is wanted. It must not ask the view for others meanwhile. */
        void value(int number, AttributeValue value);
    }

    /** Looks up several keys at once. Of a repeated key the first value comes first. */
    default void read(AttributeKeys keys, Receiver receiver) {
        for (int number = 0; number < keys.keys().size(); number++) {
            AttributeValue value = get(keys.keys().get(number));
            if (value != null && receiver.wants(number)) {
                receiver.value(number, value);
            }
        }
    }

    /** Stands for "every call may show others". */
    long ALWAYS_NEW = -1;

    /**
     * Another number than before when a view that is moved on shows other attributes, so that answers can be remembered;
     * {@link #ALWAYS_NEW} for a view that does not count.
     */
    default long generation() {
        return ALWAYS_NEW;
    }

    /** Number of attributes; a repeated key counts each time. */
    int size();
}
