package dev.tailsampling.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Cursor over one protobuf message in a byte array: tags, varints, fixed-width numbers and length-delimited fields,
 * read in place. Reusable by {@link #reset}; not thread-safe. Every method throws {@link MalformedOtlpException} rather
 * than read outside the message.
 */
public final class WireReader {

    /** Wire type of numbers in as many bytes as they need. */
    public static final int VARINT = 0;
    /** Wire type of eight bytes. */
    public static final int FIXED64 = 1;
    /** Wire type of texts, bytes and messages. */
    public static final int LENGTH_DELIMITED = 2;
    /** Wire type of four bytes. */
    public static final int FIXED32 = 5;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final String format;
    private byte[] bytes = new byte[0];
    private int position;
    private int limit;

    WireReader() {
        this("OTLP protobuf");
    }

    /** A reader whose errors name what the bytes should have been. */
    public WireReader(String format) {
        this.format = format;
    }

    /** Moves to the first byte of a message. */
    public WireReader reset(byte[] message, int offset, int length) {
        bytes = message;
        position = offset;
        limit = offset + length;
        return this;
    }

    /** A new reader of a part of the array, for a message inside this one. */
    public WireReader within(int offset, int length) {
        return new WireReader(format).reset(bytes, offset, length);
    }

    /** Whether the message goes on. */
    public boolean hasMore() {
        return position < limit;
    }

    /** Offset in the array of the next byte to read. */
    public int position() {
        return position;
    }

    /** The array that the message stands in. */
    public byte[] bytes() {
        return bytes;
    }

    /** Next tag: field number in the upper bits, wire type in the lower three. */
    public int tag() {
        int tag = (int) varint();
        if (tag >>> 3 == 0) {
            throw malformed("a field number of 0");
        }
        return tag;
    }

    /** A number in as many bytes as it needs. */
    public long varint() {
        if (position < limit) {
            byte first = bytes[position];
            if (first >= 0) {
                position++;
                return first;
            }
        }
        return longVarint();
    }

    private long longVarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position >= limit) {
                throw malformed("the message ends inside a number");
            }
            byte b = bytes[position++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw malformed("a number of more than 10 bytes");
    }

    /** Eight bytes, little-endian. */
    public long fixed64() {
        need(8);
        long value = (long) LONG.get(bytes, position);
        position += 8;
        return value;
    }

    int fixed32() {
        need(4);
        int value = (int) INT.get(bytes, position);
        position += 4;
        return value;
    }

    /** Length of a length-delimited field; the cursor then stands at its first byte. */
    public int length() {
        long length = varint();
        if (length < 0 || length > limit - position) {
            throw malformed("a field of " + Long.toUnsignedString(length) + " bytes where " + (limit - position)
                    + " are left");
        }
        return (int) length;
    }

    /**
     * Whether all that is left is one field of this tag, a small one that is length-delimited. False says nothing: this
     * is a look ahead that saves reading the usual last field.
     */
    boolean endsWith(int smallTag) {
        int left = limit - position;
        return left >= 2 && bytes[position] == smallTag && bytes[position + 1] == left - 2;
    }

    /**
     * Passes over a length-delimited field.
     *
     * @return where its content stands, for {@link #text}: offset in the upper half, length in the lower
     */
    long stretch() {
        int length = length();
        long stretch = (long) position << 32 | length;
        position += length;
        return stretch;
    }

    /** Offset of a stretch's content. */
    static int offset(long stretch) {
        return (int) (stretch >>> 32);
    }

    /** Length of a stretch's content. */
    static int length(long stretch) {
        return (int) stretch;
    }

    /** The content of a stretch; 0 is the empty one. */
    static String text(byte[] bytes, long stretch) {
        return new String(bytes, offset(stretch), length(stretch), StandardCharsets.UTF_8);
    }

    /**
     * Enters a field that holds an id.
     *
     * @return whether the cursor stands at the id's first byte; an empty field holds none
     */
    boolean hasId(String which, int size) {
        int length = length();
        if (length != 0 && length != size) {
            throw malformed("a " + which + " id that is not " + size + " bytes long");
        }
        return length != 0;
    }

    /** A field that holds an id of 8 bytes, 0 if it is empty. */
    long spanId(String which) {
        return hasId(which, 8) ? bigEndian() : 0;
    }

    /** Eight bytes as a big-endian number. */
    public long bigEndian() {
        need(8);
        long value = (long) LONG_BIG.get(bytes, position);
        position += 8;
        return value;
    }

    /** A number of type uint32. */
    long uint32() {
        return Integer.toUnsignedLong((int) varint());
    }

    /** Passes over bytes. */
    public void advance(int count) {
        need(count);
        position += count;
    }

    /** Passes over the content of a field. */
    public void skip(int tag) {
        switch (tag & 7) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case LENGTH_DELIMITED -> advance(length());
            case FIXED32 -> advance(4);
            default -> throw malformed("wire type " + (tag & 7) + ", which is not in use");
        }
    }

    private void need(int count) {
        if (count > limit - position) {
            throw malformed("the message ends inside a field");
        }
    }

    /** What is to be thrown: what is wrong, and the place. */
    public MalformedOtlpException malformed(String what) {
        return new MalformedOtlpException("not " + format + ": " + what + ", at byte " + position);
    }
}
