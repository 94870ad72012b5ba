package dev.tailsampling.trace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Name of an attribute with its UTF-8 form at hand, so that spans in wire form are searched without decoding their keys.
 * Immutable; equal by name.
 */
public final class AttributeKey {

    private final String name;
    private final byte[] utf8;

    private AttributeKey(String name) {
        this.name = name;
        this.utf8 = name.getBytes(StandardCharsets.UTF_8);
    }

    /** The key of that name. */
    public static AttributeKey of(String name) {
        return new AttributeKey(name);
    }

    /** The attribute's name. */
    public String name() {
        return name;
    }

    /** The name in UTF-8, not to be changed. */
    byte[] utf8() {
        return utf8;
    }

    /** Whether {@code length} bytes at {@code offset} are this name in UTF-8. */
    public boolean matches(byte[] bytes, int offset, int length) {
        return length == utf8.length && Arrays.equals(utf8, 0, length, bytes, offset, offset + length);
    }

    @Override
    public boolean equals(Object other) {
        return other == this || other instanceof AttributeKey key && key.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
