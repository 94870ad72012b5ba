package dev.tailsampling.datadog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes MessagePack (<a href="https://github.com/msgpack/msgpack/blob/master/spec.md">specification</a>), each value in
 * its shortest form. Not thread-safe.
 */
final class MsgpackWriter {

    private byte[] bytes = new byte[1 << 12];
    private int size;

    /** Begins a map; so many keys with their values follow. */
    MsgpackWriter map(int entries) {
        return header(entries, 0x80, 16, 0xde);
    }

    /** Begins an array; so many values follow. */
    MsgpackWriter array(int values) {
        return header(values, 0x90, 16, 0xdc);
    }

    /** The short form has its size in the first byte; of the long ones the first byte tells 16 bits, the next one 32. */
    private MsgpackWriter header(int count, int shortForm, int shortLimit, int longForm) {
        if (count < shortLimit) {
            put(shortForm | count);
        } else if (count < 1 << 16) {
            number(longForm, count, 2);
        } else {
            number(longForm + 1, count, 4);
        }
        return this;
    }

    /** A text. */
    MsgpackWriter string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length >= 32 && utf8.length < 1 << 8) {
            number(0xd9, utf8.length, 1);
        } else {
            header(utf8.length, 0xa0, 32, 0xda);
        }
        raw(utf8);
        return this;
    }

    /** Bytes. */
    MsgpackWriter binary(byte[] value) {
        if (value.length < 1 << 8) {
            number(0xc4, value.length, 1);
        } else {
            header(value.length, 0, 0, 0xc5);
        }
        raw(value);
        return this;
    }

    /** A truth value. */
    MsgpackWriter bool(boolean value) {
        put(value ? 0xc3 : 0xc2);
        return this;
    }

    /** A number that is not negative. */
    MsgpackWriter uint(long value) {
        if (value < 1 << 7) {
            put((int) value);
        } else if (value < 1 << 8) {
            number(0xcc, value, 1);
        } else if (value < 1 << 16) {
            number(0xcd, value, 2);
        } else if (value < 1L << 32) {
            number(0xce, value, 4);
        } else {
            number(0xcf, value, 8);
        }
        return this;
    }

    private void number(int form, long value, int width) {
        put(form);
        for (int shift = (width - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            put((int) (value >>> shift));
        }
    }

    private void put(int octet) {
        room(1);
        bytes[size++] = (byte) octet;
    }

    private void raw(byte[] content) {
        room(content.length);
        System.arraycopy(content, 0, bytes, size, content.length);
        size += content.length;
    }

    private void room(int count) {
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, count), (int) Math.min(2L * size, 1 << 30)));
        }
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }
}
