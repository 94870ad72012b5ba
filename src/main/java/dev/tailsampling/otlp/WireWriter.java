package dev.tailsampling.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf fields into a growing array. A nested message is opened by {@link #begin}, filled and closed by
 * {@link #end}, which puts its length in front; lengths are always in their shortest form. Not thread-safe.
 */
public final class WireWriter {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int size;

    /** A writer that starts with room for so many bytes. */
    public WireWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /** What is written so far, from offset 0 to {@link #size}; another array after the writer grew. */
    byte[] bytes() {
        return bytes;
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** A copy of what is written so far. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets what is written; the room stays. */
    public void clear() {
        size = 0;
    }

    /** Whether what was written at a place equals a slice; a length of -1 stands for an absent one. */
    boolean sameContent(Slice slice, int offset, int length) {
        return slice.sameContent(bytes, offset, length);
    }

    /**
     * Opens a nested message.
     *
     * @return the mark to hand to {@link #end}
     */
    public int begin(int field) {
        tag(field, WireReader.LENGTH_DELIMITED);
        room(1);
        return size++;
    }

    /** Closes the nested message that began at this mark: makes room for its length and writes it. */
    public void end(int mark) {
        int length = size - mark - 1;
        int lengthBytes = varintSize(length);
        if (lengthBytes > 1) {
            room(lengthBytes - 1);
            System.arraycopy(bytes, mark + 1, bytes, mark + lengthBytes, length);
            size += lengthBytes - 1;
        }
        putVarint(mark, length);
    }

    /** A number of type int32, int64, uint32, uint64, bool or enum. */
    public void varint(int field, long value) {
        tag(field, WireReader.VARINT);
        room(10);
        size = putVarint(size, value);
    }

    /** A number of type fixed64, or the bits of a double. */
    public void fixed64(int field, long value) {
        tag(field, WireReader.FIXED64);
        room(8);
        LONG.set(bytes, size, value);
        size += 8;
    }

    void fixed32(int field, int value) {
        tag(field, WireReader.FIXED32);
        room(4);
        INT.set(bytes, size, value);
        size += 4;
    }

    /** A number under a tag, in as many of its lower bits as the tag's wire type holds. */
    void number(int tag, long value) {
        int field = tag >>> 3;
        switch (tag & 7) {
            case WireReader.VARINT -> varint(field, value);
            case WireReader.FIXED64 -> fixed64(field, value);
            case WireReader.FIXED32 -> fixed32(field, (int) value);
            default -> throw new IllegalArgumentException("wire type " + (tag & 7) + " holds no number");
        }
    }

    void traceId(int field, long high, long low) {
        tag(field, WireReader.LENGTH_DELIMITED);
        room(17);
        bytes[size++] = 16;
        LONG_BIG.set(bytes, size, high);
        LONG_BIG.set(bytes, size + 8, low);
        size += 16;
    }

    void spanId(int field, long id) {
        tag(field, WireReader.LENGTH_DELIMITED);
        room(9);
        bytes[size++] = 8;
        LONG_BIG.set(bytes, size, id);
        size += 8;
    }

    /** Bytes, or a message that is encoded already. */
    public void bytes(int field, byte[] source, int offset, int length) {
        tag(field, WireReader.LENGTH_DELIMITED);
        room(5);
        size = putVarint(size, length);
        raw(source, offset, length);
    }

    /** Fields that are encoded already. */
    public void raw(byte[] source, int offset, int length) {
        room(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** A text, in UTF-8. */
    public void string(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        bytes(field, utf8, 0, utf8.length);
    }

    private void tag(int field, int wireType) {
        room(5);
        size = putVarint(size, (long) field << 3 | wireType);
    }

    private int putVarint(int at, long value) {
        int position = at;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[position++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[position++] = (byte) rest;
        return position;
    }

    private static int varintSize(int value) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(value)) / 7);
    }

    private void room(int count) {
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, count), (int) Math.min(2L * size, 1 << 30)));
        }
    }
}
