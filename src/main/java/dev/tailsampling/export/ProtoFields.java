package dev.tailsampling.export;

import java.nio.charset.StandardCharsets;

/**
 * The fields of one small protobuf message, one after the other. Leaves by {@link IndexOutOfBoundsException} when the
 * bytes are not protobuf. Not thread-safe.
 */
final class ProtoFields {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;
    private final int end;
    private int position;
    private int tag;
    private int contentStart;
    private long number;

    ProtoFields(byte[] message) {
        this(message, 0, message.length);
    }

    private ProtoFields(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    /** Moves to the next field; false at the end of the message. */
    boolean next() {
        if (position >= end) {
            return false;
        }
        tag = (int) varint();
        switch (tag & 7) {
            case VARINT -> number = varint();
            case FIXED64 -> content(8);
            case BYTES -> content(varint());
            case FIXED32 -> content(4);
            default -> throw new IndexOutOfBoundsException("wire type " + (tag & 7));
        }
        return true;
    }

    private void content(long length) {
        if (length < 0 || length > end - position) {
            throw new IndexOutOfBoundsException("a field of " + length + " bytes");
        }
        contentStart = position;
        position += (int) length;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position >= end) {
                throw new IndexOutOfBoundsException("a number without its end");
            }
            byte b = bytes[position++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IndexOutOfBoundsException("a number of more than 10 bytes");
    }

    /** Whether this is the field of that number, and a varint. */
    boolean isNumber(int field) {
        return tag == (field << 3 | VARINT);
    }

    /** Whether this is the field of that number, and a string or message. */
    boolean isBytes(int field) {
        return tag == (field << 3 | BYTES);
    }

    long number() {
        return number;
    }

    String string() {
        return new String(bytes, contentStart, position - contentStart, StandardCharsets.UTF_8);
    }

    ProtoFields message() {
        return new ProtoFields(bytes, contentStart, position);
    }
}
