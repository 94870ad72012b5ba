package dev.tailsampling.lake;

import java.time.Duration;
import java.time.InstantSource;

/**
 * How {@link TableTopicWriter} behaves.
 *
 * @param partitions number of Kafka partitions
 * @param brokers number of brokers that host them; each writes its own file in every commit
 * @param keyBuckets 0 for a table without partitioning, else the N of {@code bucket(_kafka_key, N)}; used when the table
 *     is created
 * @param gapEvery about one in this many offsets is skipped, as transaction markers do; 0 for none
 * @param seed decides which
 * @param targetFileBytes a file is closed at about this size
 * @param clock "now" of the watermark
 * @param expireOlderThan snapshots older than this are expired by each commit
 */
public record TableTopicOptions(int partitions, int brokers, int keyBuckets, int gapEvery, long seed,
        long targetFileBytes, InstantSource clock, InstantSource expireOlderThan) {

    private static final long TARGET_FILE_BYTES = 64L << 20;

    public TableTopicOptions {
        if (partitions < 1 || brokers < 1 || keyBuckets < 0 || gapEvery < 0 || targetFileBytes < 1) {
            throw new IllegalArgumentException("a table topic needs at least one partition and one broker, and no "
                    + "negative number elsewhere");
        }
    }

    /** One broker, no partitioning, no gaps, 64 MiB files, snapshots kept for an hour: AutoMQ's defaults. */
    public static TableTopicOptions of(int partitions, InstantSource clock) {
        return new TableTopicOptions(partitions, 1, 0, 0, 0, TARGET_FILE_BYTES, clock,
                () -> clock.instant().minus(Duration.ofHours(1)));
    }

    /** These options with several brokers. */
    public TableTopicOptions withBrokers(int count) {
        return new TableTopicOptions(partitions, count, keyBuckets, gapEvery, seed, targetFileBytes, clock,
                expireOlderThan);
    }

    /** These options with the table partitioned by {@code bucket(_kafka_key, N)}. */
    public TableTopicOptions withKeyBuckets(int buckets) {
        return new TableTopicOptions(partitions, brokers, buckets, gapEvery, seed, targetFileBytes, clock,
                expireOlderThan);
    }

    /** These options with a gap in about one of {@code every} offsets. */
    public TableTopicOptions withGaps(int every, long gapSeed) {
        return new TableTopicOptions(partitions, brokers, keyBuckets, every, gapSeed, targetFileBytes, clock,
                expireOlderThan);
    }

    /** These options with another target size of files. */
    public TableTopicOptions withTargetFileBytes(long bytes) {
        return new TableTopicOptions(partitions, brokers, keyBuckets, gapEvery, seed, bytes, clock, expireOlderThan);
    }

    /** These options with another rule for expiring snapshots. */
    public TableTopicOptions withExpireOlderThan(InstantSource instant) {
        return new TableTopicOptions(partitions, brokers, keyBuckets, gapEvery, seed, targetFileBytes, clock, instant);
    }
}
