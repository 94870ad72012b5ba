package dev.tailsampling.selector;

/**
 * Where a span came from: one Kafka record, which is one row of the table.
 *
 * @param partition Kafka partition
 * @param offset Kafka offset in that partition
 * @param timestampMillis Kafka record timestamp, milliseconds since the epoch, as the producer set it: with it a row is
 *     found again. It may lie in the future, or be unknown (-1)
 * @param activeMillis when its spans arrived, as far as is to be believed: the timestamp, but not later than the row was
 *     committed, and then where the timestamp is unknown. By it a trace is open or quiet
 * @param location number of the file that holds the row, given by the source
 */
public record SourceRow(int partition, long offset, long timestampMillis, long activeMillis, int location) {

    /** A row whose timestamp is to be believed. */
    public SourceRow(int partition, long offset, long timestampMillis, int location) {
        this(partition, offset, timestampMillis, timestampMillis, location);
    }
}
