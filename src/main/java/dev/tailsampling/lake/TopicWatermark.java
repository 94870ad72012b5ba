package dev.tailsampling.lake;

import java.util.Arrays;

/** The watermark as AutoMQ's coordinator keeps it: per Kafka partition, in memory, forgotten by a restart. */
final class TopicWatermark {

    static final long UNKNOWN = -1;

    private final long[] byPartition;

    TopicWatermark(int partitions) {
        byPartition = new long[partitions];
        Arrays.fill(byPartition, UNKNOWN);
    }

    /** A record of this time was written. */
    void written(int partition, long timestampMillis) {
        byPartition[partition] = Math.max(byPartition[partition], timestampMillis);
    }

    /** Every partition was read to its end at this time. */
    void caughtUp(long nowMillis) {
        for (int partition = 0; partition < byPartition.length; partition++) {
            written(partition, nowMillis);
        }
    }

    /** Least of the known ones, milliseconds since the epoch; {@link #UNKNOWN} if none is known. */
    long millis() {
        return Arrays.stream(byPartition).filter(millis -> millis != UNKNOWN).min().orElse(UNKNOWN);
    }
}
