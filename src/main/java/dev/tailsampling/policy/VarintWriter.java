package dev.tailsampling.policy;

import java.util.Arrays;

/** Bytes that numbers and texts are written to, small numbers in few bytes. Not thread-safe. */
final class VarintWriter {

    private static final int INITIAL_BYTES = 128;
    private static final int MAX_VARINT_BYTES = 10;
    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;

    private void ensureRoom(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * size));
        }
    }

    void writeByte(int value) {
        ensureRoom(1);
        bytes[size++] = (byte) value;
    }

    /** 8 bytes. */
    void writeFixed(long value) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            writeByte((int) (value >>> shift));
        }
    }

    /** 1 byte for 0 … 127, up to 10 bytes for numbers that are very large or negative. */
    void writeVarint(long value) {
        ensureRoom(MAX_VARINT_BYTES);
        long rest = value;
        while ((rest & -MORE) != 0) {
            bytes[size++] = (byte) (rest | MORE);
            rest >>>= BITS;
        }
        bytes[size++] = (byte) rest;
    }

    /** 1 byte for −64 … 63. */
    void writeSigned(long value) {
        writeVarint(value << 1 ^ value >> (Long.SIZE - 1));
    }

    /** Each character by itself: also those come back that UTF-8 has no form for. */
    void writeText(String text) {
        writeVarint(text.length());
        for (int i = 0; i < text.length(); i++) {
            writeVarint(text.charAt(i));
        }
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }
}
