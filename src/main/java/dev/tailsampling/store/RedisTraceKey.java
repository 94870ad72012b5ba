package dev.tailsampling.store;

import dev.tailsampling.trace.TraceId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * 96 bits that stand for a trace id: its bits are mixed, so that they are spread evenly whatever ids look like (some have a
 * time in front, some zeros), and the last 32 are left out. The first bits choose a bucket, the rest names the trace in it.
 * Among 10,000 traces a second, remembered for a day, two are taken for one once in some hundred million years.
 *
 * @param high bits 0–63
 * @param low bits 64–95
 */
record RedisTraceKey(long high, int low) {

    private static final int BYTES = Long.BYTES + Integer.BYTES;

    static RedisTraceKey of(TraceId id) {
        long low = id.low() ^ mix(id.high());
        long high = id.high() ^ mix(low);
        return new RedisTraceKey(high, (int) (mix(low) >>> Integer.SIZE));
    }

    /** Stafford's finalizer "Mix13", as in {@link java.util.SplittableRandom}. */
    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** The bucket among 2<sup>bits</sup>. */
    int bucket(int bits) {
        return bits == 0 ? 0 : (int) (high >>> (Long.SIZE - bits));
    }

    /** Its name in the bucket: without the whole bytes that all in the bucket share. */
    byte[] field(int bits) {
        byte[] all = ByteBuffer.allocate(BYTES).putLong(high).putInt(low).array();
        return Arrays.copyOfRange(all, bits / Byte.SIZE, all.length);
    }

    /** The key of that bucket and name. */
    static RedisTraceKey of(int bucket, int bits, byte[] field) {
        ByteBuffer all = ByteBuffer.allocate(BYTES);
        all.putLong(0, bits == 0 ? 0 : (long) bucket << (Long.SIZE - bits)).put(bits / Byte.SIZE, field);
        return new RedisTraceKey(all.getLong(0), all.getInt(Long.BYTES));
    }
}
