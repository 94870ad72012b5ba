package dev.tailsampling.layout;

/**
 * The columns that say which Kafka record a row is.
 *
 * @param partition path of the Kafka partition, int
 * @param offset path of the Kafka offset, long
 */
public record PositionColumns(String partition, String offset) {}
