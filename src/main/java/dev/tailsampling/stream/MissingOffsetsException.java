package dev.tailsampling.stream;

import org.apache.kafka.common.TopicPartition;

/** Records that were asked for are no longer in the topic: its retention has passed, or somebody has deleted them. */
public final class MissingOffsetsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long firstAvailableOffset;

    MissingOffsetsException(TopicPartition partition, long wantedOffset, long firstAvailableOffset) {
        super("offset " + wantedOffset + " of " + partition.topic() + "/" + partition.partition()
                + " is gone, the first one that is there is " + firstAvailableOffset
                + "; keep the topic's records for longer (retention.ms, retention.bytes)");
        this.firstAvailableOffset = firstAvailableOffset;
    }

    /** From here on there are records. */
    public long firstAvailableOffset() {
        return firstAvailableOffset;
    }
}
