package dev.tailsampling.selector;

import java.time.Instant;

/**
 * A report with what it is of.
 *
 * @param source text of a {@link LedgerKey}
 * @param finishedAt when the cycle ended
 */
public record FinishedCycle(String source, Instant finishedAt, CycleReport report) {}
