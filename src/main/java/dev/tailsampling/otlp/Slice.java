package dev.tailsampling.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A stretch of a byte array that holds one field's content; moved, not copied. Absent until set. Not thread-safe. */
final class Slice {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[0];
    private int offset;
    private int length = -1;

    void set(byte[] source, int from, int size) {
        bytes = source;
        offset = from;
        length = size;
    }

    void set(Slice other) {
        set(other.bytes, other.offset, other.length);
    }

    /** Takes in a further occurrence of a message field: protobuf merges them, which is to append their bytes. */
    void merge(byte[] source, int from, int size) {
        if (!isPresent()) {
            set(source, from, size);
            return;
        }
        byte[] merged = Arrays.copyOfRange(bytes, offset, offset + length + size);
        System.arraycopy(source, from, merged, length, size);
        set(merged, 0, merged.length);
    }

    void clear() {
        set(bytes, 0, -1);
    }

    boolean isPresent() {
        return length >= 0;
    }

    /** Length of the content, or -1 while absent. */
    int length() {
        return length;
    }

    /** Whether this content equals another; a length of -1 stands for an absent one. */
    boolean sameContent(byte[] other, int otherOffset, int otherLength) {
        return length == otherLength && (length <= 0
                || Arrays.equals(bytes, offset, offset + length, other, otherOffset, otherOffset + otherLength));
    }

    boolean sameContent(Slice other) {
        return sameContent(other.bytes, other.offset, other.length);
    }

    /** Equal for equal contents. */
    long contentHash() {
        long hash = length;
        int at = offset;
        int end = offset + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            hash = mixed(hash ^ (long) LONG.get(bytes, at));
        }
        for (; at < end; at++) {
            hash = mixed(hash ^ bytes[at]);
        }
        return hash;
    }

    private static long mixed(long bits) {
        long product = bits * 0x9E3779B97F4A7C15L;
        return product ^ product >>> 32;
    }

    /** The content, a character for each byte, null while absent. */
    @Nullable
    String latin1() {
        return isPresent() ? new String(bytes, offset, length, StandardCharsets.ISO_8859_1) : null;
    }

    void writeTo(WireWriter writer, int field) {
        if (isPresent()) {
            writer.bytes(field, bytes, offset, length);
        }
    }

    /** Sets a reader to the content. */
    WireReader readBy(WireReader reader) {
        return reader.reset(bytes, offset, Math.max(0, length));
    }

    /** Sets a reader to the part of the content that begins at this offset of the array. */
    WireReader readBy(WireReader reader, int start) {
        return reader.reset(bytes, start, offset + length - start);
    }

    void pointAt(WireAttributes attributes) {
        attributes.reset(bytes, offset, Math.max(0, length));
    }
}
