package dev.tailsampling.sampler;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads what {@link StateWriter} wrote. The checksum is verified first, so that whoever reads on may trust the bytes.
 * Every fault is an {@link IllegalArgumentException} that says to start anew.
 */
final class StateReader {

    private final byte[] bytes;
    private final int end;
    private int position;

    StateReader(byte[] bytes, char kind) {
        this.bytes = bytes;
        this.end = endOfContent(bytes);
        if (octet() != StateWriter.VERSION) {
            throw new IllegalArgumentException("the sampler state is of another release: start it anew");
        }
        char found = (char) octet();
        if (found != kind) {
            throw new IllegalArgumentException("the state of a sampler of kind " + found
                    + " does not fit one of kind " + kind + ": start it anew");
        }
    }

    long number() {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte octet = octet();
            value |= (long) (octet & 0x7f) << shift;
            if (octet >= 0) {
                return value;
            }
        }
    }

    int size() {
        return Math.toIntExact(number());
    }

    double fraction() {
        long bits = 0;
        for (int i = 0; i < Double.BYTES; i++) {
            bits = bits << Byte.SIZE | octet() & 0xff;
        }
        return Double.longBitsToDouble(bits);
    }

    String text() {
        char[] units = new char[size()];
        for (int i = 0; i < units.length; i++) {
            units[i] = (char) number();
        }
        return new String(units);
    }

    Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        for (int left = size(); left > 0; left--) {
            counts.put(text(), number());
        }
        return counts;
    }

    /** To be called after the last value. */
    void finish() {
        if (position != end) {
            throw damaged();
        }
    }

    private byte octet() {
        if (position == end) {
            throw damaged();
        }
        return bytes[position++];
    }

    private static int endOfContent(byte[] bytes) {
        int end = bytes.length - Integer.BYTES;
        if (end < 0 || ByteBuffer.wrap(bytes).getInt(end) != StateWriter.checksum(bytes, end)) {
            throw damaged();
        }
        return end;
    }

    private static IllegalArgumentException damaged() {
        return new IllegalArgumentException("the sampler state is damaged: start it anew");
    }
}
