package dev.tailsampling.sampler;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Writes state as bytes: a version, a kind, numbers and texts, and a checksum of it all. The same state gives the same
 * bytes. Read by {@link StateReader}.
 */
final class StateWriter {

    static final byte VERSION = 1;

    private byte[] bytes = new byte[64];
    private int size;

    StateWriter(char kind) {
        octet(VERSION);
        octet(kind);
    }

    /** Seven bits in a byte, the lowest first; a negative number takes ten bytes. */
    void number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            octet((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        octet((int) rest);
    }

    void fraction(double value) {
        long bits = Double.doubleToLongBits(value);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            octet((int) (bits >>> shift));
        }
    }

    /** Each UTF-16 unit as a number: any Java string comes back as it was, even one that is not valid Unicode. */
    void text(String value) {
        number(value.length());
        value.chars().forEach(this::number);
    }

    void counts(Map<String, Long> counts) {
        number(counts.size());
        counts.entrySet().stream().sorted(Map.Entry.comparingByKey(CodePointOrder.INSTANCE)).forEach(entry -> {
            text(entry.getKey());
            number(entry.getValue());
        });
    }

    byte[] finish() {
        return ByteBuffer.allocate(size + Integer.BYTES).put(bytes, 0, size).putInt(checksum(bytes, size)).array();
    }

    static int checksum(byte[] bytes, int length) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    private void octet(int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) value;
    }
}
