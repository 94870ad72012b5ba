package dev.tailsampling.selector;

/**
 * Where a span came from: one Kafka record, which is one row of the table.
 *
 * @param partition Kafka partition
 * @param offset Kafka offset in that partition
 * @param timestampMillis Kafka record timestamp, milliseconds since the epoch: the arrival of its spans
 * @param location number of the file that holds the row, given by the source
 */
public record SourceRow(int partition, long offset, long timestampMillis, int location) {}
