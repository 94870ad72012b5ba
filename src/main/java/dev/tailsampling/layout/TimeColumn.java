package dev.tailsampling.layout;

/**
 * A column with times or durations.
 *
 * @param column path
 * @param unit of numbers; a timestamp column has its own unit ({@link EpochUnit#of})
 */
public record TimeColumn(String column, EpochUnit unit) {}
