package dev.tailsampling.lake;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record that {@link TableTopicWriter} gives an offset and writes as a row.
 *
 * @param partition Kafka partition, from 0
 * @param key record key; null is written as the empty string, as AutoMQ does
 * @param value record value; empty for a tombstone; not to be changed afterwards
 * @param timestampMillis record timestamp, milliseconds since the epoch
 * @param headers record headers
 */
public record KafkaMessage(int partition, @Nullable String key, byte[] value, long timestampMillis,
        Map<String, byte[]> headers) {

    public KafkaMessage {
        headers = Map.copyOf(headers);
    }

    /** A record without key and headers. */
    public static KafkaMessage of(int partition, byte[] value, long timestampMillis) {
        return new KafkaMessage(partition, null, value, timestampMillis, Map.of());
    }
}
