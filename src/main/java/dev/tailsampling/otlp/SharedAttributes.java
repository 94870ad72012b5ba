package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeKeys;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a resource or a scope. It is asked the same few questions for each of its spans, so the answers to
 * the first ones are remembered, absent values included.
 */
final class SharedAttributes implements AttributesView {

    private static final int REMEMBERED = 16;

    private final WireAttributes attributes;
    private final AttributeKey[] keys = new AttributeKey[REMEMBERED];
    private final @Nullable AttributeValue[] values = new AttributeValue[REMEMBERED];
    private int count;
    private long generation;

    SharedAttributes(int field) {
        this.attributes = new WireAttributes(field);
    }

    /** Points at another resource or scope. */
    void pointAt(Slice owner) {
        owner.pointAt(attributes);
        count = 0;
        generation++;
    }

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public void read(AttributeKeys wanted, Receiver receiver) {
        attributes.read(wanted, receiver);
    }

    @Override
    public @Nullable AttributeValue get(AttributeKey key) {
        for (int i = 0; i < count; i++) {
            if (keys[i].equals(key)) {
                return values[i];
            }
        }
        AttributeValue value = attributes.get(key);
        if (count < REMEMBERED) {
            keys[count] = key;
            values[count++] = value;
        }
        return value;
    }

    void forEach(BiConsumer<String, AttributeValue> action) {
        attributes.forEach(action);
    }

    @Override
    public int size() {
        return attributes.size();
    }
}
