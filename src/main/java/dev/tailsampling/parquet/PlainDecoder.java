package dev.tailsampling.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.schema.PrimitiveType;

/** Decodes values of encoding PLAIN, of all physical types. */
final class PlainDecoder {

    private static final int INT96_BYTES = 12;
    private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;

    private PlainDecoder() {}

    /** Decodes {@code count} values between two places of an array; those of bytes stay where they are. */
    static void decode(ChunkMeta chunk, byte[] in, int from, int end, int count, Values into) {
        Place place = chunk.place();
        PrimitiveType type = chunk.leaf().descriptor().getPrimitiveType();
        place.require(from <= end, "a page ends before its values");
        into.room(count + BitUnpacker.GROUP);
        into.bytes = in;
        switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> booleans(in, from, requireBits(place, from, end, count), into.longs);
            case INT32 -> ints(in, from, require(place, from, end, count, Integer.BYTES), into.longs);
            case INT64 -> longs(in, from, require(place, from, end, count, Long.BYTES), into.longs);
            case INT96 -> timestamps(in, from, require(place, from, end, count, INT96_BYTES), into.longs);
            case FLOAT -> floats(in, from, require(place, from, end, count, Float.BYTES), into.doubles);
            case DOUBLE -> doubles(in, from, require(place, from, end, count, Double.BYTES), into.doubles);
            case FIXED_LEN_BYTE_ARRAY -> {
                place.require(type.getTypeLength() > 0, "the schema gives a fixed length of " + type.getTypeLength());
                fixed(from, require(place, from, end, count, type.getTypeLength()), type.getTypeLength(), into);
            }
            case BINARY -> byteArrays(place, in, from, end, require(place, from, end, count, Integer.BYTES), into);
        }
    }

    private static int require(Place place, int from, int end, int count, int bytesEach) {
        place.require((long) count * bytesEach <= end - from,
                "a page ends before the last of its " + count + " values");
        return count;
    }

    private static int requireBits(Place place, int from, int end, int count) {
        place.require((count + 7L) / 8 <= end - from, "a page ends before the last of its " + count + " values");
        return count;
    }

    private static void booleans(byte[] in, int from, int count, long[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = (in[from + (i >>> 3)] & 0xffL) >>> (i & 7) & 1;
        }
    }

    private static void ints(byte[] in, int from, int count, long[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = Words.intAt(in, from + i * Integer.BYTES);
        }
    }

    private static void longs(byte[] in, int from, int count, long[] out) {
        ByteBuffer.wrap(in, from, count * Long.BYTES).slice().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer()
                .get(out, 0, count);
    }

    private static void doubles(byte[] in, int from, int count, double[] out) {
        ByteBuffer.wrap(in, from, count * Double.BYTES).slice().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer()
                .get(out, 0, count);
    }

    private static void floats(byte[] in, int from, int count, double[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = Float.intBitsToFloat(Words.intAt(in, from + i * Float.BYTES));
        }
    }

    private static void timestamps(byte[] in, int from, int count, long[] out) {
        for (int i = 0; i < count; i++) {
            int at = from + i * INT96_BYTES;
            out[i] = epochNanos(Words.longAt(in, at), Words.intAt(in, at + Long.BYTES));
        }
    }

    /** Times that do not fit into 64 bits (before 1677, after 2262) become the earliest or latest that do. */
    static long epochNanos(long nanosOfDay, int julianDay) {
        long days = julianDay - JULIAN_DAY_OF_EPOCH;
        try {
            return Math.addExact(Math.multiplyExact(days, NANOS_PER_DAY), nanosOfDay);
        } catch (ArithmeticException e) {
            return days < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private static void fixed(int from, int count, int length, Values into) {
        int[] offsets = into.offsets;
        int[] lengths = into.lengths;
        for (int i = 0; i < count; i++) {
            offsets[i] = from + i * length;
            lengths[i] = length;
        }
    }

    /** From length to length. */
    private static void byteArrays(Place place, byte[] in, int from, int end, int count, Values into) {
        int[] offsets = into.offsets;
        int[] lengths = into.lengths;
        int at = from;
        for (int i = 0; i < count; i++) {
            if (at > end - Integer.BYTES) {
                throw place.corrupt("a page ends before the last of its " + count + " values");
            }
            int length = Words.intAt(in, at);
            at += Integer.BYTES;
            if (length < 0 || length > end - at) {
                throw place.corrupt("a value of " + length + " bytes is longer than its page");
            }
            offsets[i] = at;
            lengths[i] = length;
            at += length;
        }
    }
}
