package dev.tailsampling.store;

import dev.tailsampling.selector.SourceRow;

/** Which Kafka record a row is, whatever file it stands in. */
record KafkaPosition(int partition, long offset) {

    private static final int NO_LOCATION = -1;

    static KafkaPosition of(SourceRow row) {
        return new KafkaPosition(row.partition(), row.offset());
    }

    /** The row again; in which file it stands today nobody knows. */
    SourceRow row(long timestampMillis) {
        return new SourceRow(partition, offset, timestampMillis, NO_LOCATION);
    }
}
