package dev.tailsampling.sampler;

import dev.tailsampling.trace.TraceId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * A share of all traces as the Collector's {@code probabilistic} policy picks it without tracestate: a trace is kept when
 * the FNV-1a hash (64 bits) of a salt and its id does not exceed a bound. Immutable and thread-safe.
 */
public final class Fnv1a64Sampler {

    private static final String DEFAULT_SALT = "default-hash-seed";
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int BOUND_BITS = 64;
    private static final int DOUBLE_FRACTION_BITS = 52;
    private static final BigInteger MAX_HASH = BigInteger.ONE.shiftLeft(BOUND_BITS).subtract(BigInteger.ONE);

    private final long saltHash;
    private final double percentage;
    private final long boundInclusive;

    /**
     * @param salt bytes in UTF-8; empty for the Collector's default
     * @param percentage share to keep; 0 or less keeps none, 100 or more keeps all
     * @throws IllegalArgumentException if the percentage is not a number
     */
    public Fnv1a64Sampler(String salt, double percentage) {
        if (Double.isNaN(percentage)) {
            throw new IllegalArgumentException("sampling_percentage must be a number, such as 10 or 0.5");
        }
        this.saltHash = saltHash(salt.isEmpty() ? DEFAULT_SALT : salt);
        this.percentage = percentage;
        this.boundInclusive = percentage > 0 && percentage < 100 ? bound(percentage / 100) : 0;
    }

    /** Whether the trace is kept. */
    public boolean keeps(TraceId id) {
        return percentage >= 100 || percentage > 0 && Long.compareUnsigned(hash(id), boundInclusive) <= 0;
    }

    /** The hash of the salt and the 16 bytes of the id, an unsigned number. */
    public long hash(TraceId id) {
        return addBytes(addBytes(saltHash, id.high()), id.low());
    }

    private static long saltHash(String salt) {
        long hash = OFFSET_BASIS;
        for (byte b : salt.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * PRIME;
        }
        return hash;
    }

    private static long addBytes(long hash, long bigEndian) {
        long result = hash;
        for (int shift = 56; shift >= 0; shift -= 8) {
            result = (result ^ (bigEndian >>> shift & 0xff)) * PRIME;
        }
        return result;
    }

    /**
     * ratio × (2<sup>64</sup> − 1) in a binary float of 64 bits (ties to even, as Go's {@code big.Float} has it), then
     * without its fraction. From a ratio of 1/2 on this rounds to the nearest integer.
     *
     * @param ratio between 0 and 1, both exclusive
     */
    static long bound(double ratio) {
        int exponent = Math.getExponent(ratio) - DOUBLE_FRACTION_BITS;
        long significand = (long) Math.scalb(ratio, -exponent);
        BigInteger product = MAX_HASH.multiply(BigInteger.valueOf(significand));
        int extraBits = Math.max(0, product.bitLength() - BOUND_BITS);
        return roundHalfEven(product, extraBits).shiftLeft(extraBits + exponent).longValue();
    }

    private static BigInteger roundHalfEven(BigInteger value, int droppedBits) {
        if (droppedBits == 0) {
            return value;
        }
        BigInteger floor = value.shiftRight(droppedBits);
        BigInteger rest = value.subtract(floor.shiftLeft(droppedBits));
        int half = rest.compareTo(BigInteger.ONE.shiftLeft(droppedBits - 1));
        return half > 0 || half == 0 && floor.testBit(0) ? floor.add(BigInteger.ONE) : floor;
    }
}
