package dev.tailsampling.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;

/**
 * Decisions written within one span of time: a number of small hashes ("buckets") that end together. A full segment is
 * followed by a larger one, so that buckets keep the size at which Redis packs them.
 *
 * @param id never used twice
 * @param bucketBits there are 2<sup>bits</sup> buckets
 * @param openedMillis when the first decision was written, milliseconds since the epoch
 * @param rows rows written so far
 */
record RedisSegment(String id, int bucketBits, long openedMillis, long rows) {

    /** On average, in a full segment. Redis packs hashes of up to 512 fields, unless it is configured otherwise. */
    static final int ROWS_PER_BUCKET = 320;

    /** Room left in a segment whose size is that of the last one. */
    private static final double RESERVE = 1.25;
    private static final int LARGEST_GROWTH_BITS = 3;
    private static final int MAX_BITS = 24;
    private static final int FIRST_BITS = 2;
    private static final int FIELDS = 4;

    static RedisSegment first(String id, long nowMillis) {
        return new RedisSegment(id, FIRST_BITS, nowMillis, 0);
    }

    boolean isFull() {
        return rows >= (long) ROWS_PER_BUCKET << bucketBits;
    }

    /** Whether rows may still be added. Not when the clock was set back: its end would be too far away. */
    boolean isOpen(long nowMillis, Duration length) {
        return !isFull() && nowMillis >= openedMillis && nowMillis < openedMillis + length.toMillis();
    }

    /** The segment that follows. One that filled up before its time grows, by steps as a flood may end soon. */
    RedisSegment next(String id, long nowMillis, Duration length) {
        double share = Math.clamp((double) (nowMillis - openedMillis) / length.toMillis(), 1e-6, 1);
        double expectedBuckets = rows / share * RESERVE / ROWS_PER_BUCKET;
        int bits =
                expectedBuckets <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros((long) Math.ceil(expectedBuckets) - 1);
        int most = Math.min(MAX_BITS, bucketBits + LARGEST_GROWTH_BITS);
        return new RedisSegment(id, Math.clamp(bits, Math.min(FIRST_BITS, most), most), nowMillis, 0);
    }

    RedisSegment withMoreRows(long more) {
        return new RedisSegment(id, bucketBits, openedMillis, rows + more);
    }

    int bucketCount() {
        return 1 << bucketBits;
    }

    byte[] bucketKey(String prefix, int bucket) {
        return (prefix + id + ":" + Integer.toString(bucket, Character.MAX_RADIX)).getBytes(UTF_8);
    }

    byte[] kindsKey(String prefix) {
        return (prefix + id + ":kinds").getBytes(UTF_8);
    }

    /** One line without line end. */
    String text() {
        return id + " " + bucketBits + " " + openedMillis + " " + rows;
    }

    static RedisSegment parse(String text) {
        String[] fields = text.split(" ", FIELDS);
        return new RedisSegment(fields[0], Integer.parseInt(fields[1]), Long.parseLong(fields[2]),
                Long.parseLong(fields[3]));
    }
}
