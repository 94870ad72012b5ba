package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeKeys;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The repeated {@code attributes} field of a message, searched in place: keys are compared as bytes, and only
 * the value that was asked for is decoded.
 */
final class WireAttributes implements AttributesView {

    private static final int KEY_TAG = 1 << 3 | WireReader.LENGTH_DELIMITED;
    private static final int VALUE_TAG = 2 << 3 | WireReader.LENGTH_DELIMITED;

    private final int attributesTag;
    private final WireReader owner = new WireReader();
    private final WireReader keyValue = new WireReader();
    private byte[] bytes = new byte[0];
    private int offset;
    private int length;
    private int entryOffset;
    private int entryLength;

    WireAttributes(int field) {
        this.attributesTag = field << 3 | WireReader.LENGTH_DELIMITED;
    }

    /** Points at a message, or at the part of it that begins with its first attribute. */
    void reset(byte[] message, int messageOffset, int messageLength) {
        bytes = message;
        offset = messageOffset;
        length = messageLength;
    }

    @Override
    public @Nullable AttributeValue get(AttributeKey key) {
        owner.reset(bytes, offset, length);
        while (next()) {
            long name = key(entryOffset, entryLength);
            if (key.matches(bytes, WireReader.offset(name), WireReader.length(name))) {
                return value(entryOffset, entryLength);
            }
        }
        return null;
    }

    @Override
    public void read(AttributeKeys keys, Receiver receiver) {
        owner.reset(bytes, offset, length);
        while (next()) {
            long name = key(entryOffset, entryLength);
            int number = keys.numberOf(bytes, WireReader.offset(name), WireReader.length(name));
            if (number >= 0 && receiver.wants(number)) {
                receiver.value(number, value(entryOffset, entryLength));
            }
        }
    }

    /** All attributes, in their order. */
    void forEach(BiConsumer<String, AttributeValue> action) {
        owner.reset(bytes, offset, length);
        while (next()) {
            action.accept(WireReader.text(bytes, key(entryOffset, entryLength)), value(entryOffset, entryLength));
        }
    }

    boolean anyKeyStartsWith(byte[] prefix) {
        owner.reset(bytes, offset, length);
        while (next()) {
            long name = key(entryOffset, entryLength);
            int at = WireReader.offset(name);
            if (WireReader.length(name) >= prefix.length
                    && Arrays.equals(bytes, at, at + prefix.length, prefix, 0, prefix.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int size() {
        int size = 0;
        owner.reset(bytes, offset, length);
        while (next()) {
            size++;
        }
        return size;
    }

    /** Moves on to the next attribute; false at the end. */
    private boolean next() {
        while (owner.hasMore()) {
            int tag = owner.tag();
            if (tag == attributesTag) {
                entryLength = owner.length();
                entryOffset = owner.position();
                owner.advance(entryLength);
                return true;
            }
            owner.skip(tag);
        }
        return false;
    }

    /** Whether the attribute that stands there has this key. */
    boolean isNamed(AttributeKey wanted, byte[] message, int start, int size) {
        bytes = message;
        long name = key(start, size);
        return wanted.matches(message, WireReader.offset(name), WireReader.length(name));
    }

    /** Where the key stands; an empty one is not on the wire. */
    private long key(int start, int size) {
        long key = 0;
        keyValue.reset(bytes, start, size);
        while (keyValue.hasMore()) {
            int tag = keyValue.tag();
            if (tag == KEY_TAG) {
                key = keyValue.stretch();
                if (keyValue.endsWith(VALUE_TAG)) {
                    return key;
                }
            } else {
                keyValue.skip(tag);
            }
        }
        return key;
    }

    private AttributeValue value(int start, int size) {
        AttributeValue value = AnyValueReader.EMPTY;
        keyValue.reset(bytes, start, size);
        while (keyValue.hasMore()) {
            int tag = keyValue.tag();
            if (tag == VALUE_TAG) {
                int valueLength = keyValue.length();
                value = AnyValueReader.merge(value, bytes, keyValue.position(), valueLength);
                keyValue.advance(valueLength);
            } else {
                keyValue.skip(tag);
            }
        }
        return value;
    }
}
