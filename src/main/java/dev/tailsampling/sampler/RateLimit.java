package dev.tailsampling.sampler;

/**
 * A limit of so many tokens (spans, bytes) per second, as the Collector's {@code rate_limiting} and
 * {@code bytes_limiting} have it.
 *
 * @param tokensPerSecond 0 … 2<sup>53</sup>
 * @param burstCapacity most tokens that can be saved up, and so the largest trace that can pass; 0 … 2<sup>53</sup>
 */
public record RateLimit(long tokensPerSecond, long burstCapacity) {

    /** Thousandths of so many tokens, and twice as many tokens, are a long still. */
    private static final long MAX = 1L << 53;

    public RateLimit {
        Checks.require(tokensPerSecond >= 0 && tokensPerSecond <= MAX,
                "tokens per second must be between 0 and 2^53, not %s", tokensPerSecond);
        Checks.require(burstCapacity >= 0 && burstCapacity <= MAX, "burst capacity must be between 0 and 2^53, not %s",
                burstCapacity);
    }

    /** With the Collector's default capacity: tokens of two seconds. */
    public static RateLimit of(long tokensPerSecond) {
        Checks.require(tokensPerSecond <= MAX / 2, "tokens per second must be at most 2^52, not %s", tokensPerSecond);
        return new RateLimit(tokensPerSecond, 2 * tokensPerSecond);
    }

    /** A full bucket. */
    public TokenBucket start() {
        return new TokenBucket(this);
    }

    /**
     * A bucket as it was when the snapshot was taken, with no more tokens than this capacity.
     *
     * @throws IllegalArgumentException if the snapshot is damaged, or of another release or kind
     */
    public TokenBucket restore(byte[] snapshot) {
        TokenBucket bucket = start();
        bucket.restore(snapshot);
        return bucket;
    }
}
