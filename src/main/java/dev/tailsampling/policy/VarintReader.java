package dev.tailsampling.policy;

/**
 * Reads what a {@link VarintWriter} wrote. Throws {@link IllegalArgumentException} with a sentence where that cannot be.
 * Not thread-safe.
 */
final class VarintReader {

    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;

    private final byte[] bytes;
    private int position;

    VarintReader(byte[] bytes) {
        this.bytes = bytes;
    }

    IllegalArgumentException malformed(String why) {
        return new IllegalArgumentException("these " + bytes.length + " bytes are no summary of a trace: " + why
                + " before byte " + position);
    }

    int readByte() {
        if (position == bytes.length) {
            throw malformed("they end too early,");
        }
        return bytes[position++];
    }

    long readFixed() {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | readByte() & 0xff;
        }
        return value;
    }

    long readVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += BITS) {
            int next = readByte();
            value |= (long) (next & MORE - 1) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("a number is too long");
    }

    long readSigned() {
        long value = readVarint();
        return value >>> 1 ^ -(value & 1);
    }

    /** A number of 0 … 2<sup>31</sup> − 1. */
    int readInt() {
        long value = readVarint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw malformed("a number is too large");
        }
        return (int) value;
    }

    /** A number of things that follow, each of which takes a byte at least. */
    int readCount() {
        int count = readInt();
        if (count > bytes.length - position) {
            throw malformed("there cannot be " + count + " of what follows");
        }
        return count;
    }

    String readText() {
        char[] text = new char[readCount()];
        for (int i = 0; i < text.length; i++) {
            long unit = readVarint();
            if (unit < 0 || unit > Character.MAX_VALUE) {
                throw malformed("a character is too large");
            }
            text[i] = (char) unit;
        }
        return new String(text);
    }

    void requireEnd() {
        if (position != bytes.length) {
            throw malformed("more follows than there should be");
        }
    }
}
