package dev.tailsampling.stream;

import dev.tailsampling.selector.CycleBuffer;
import dev.tailsampling.selector.TraceSelector;

/**
 * What decides on the traces of one partition.
 *
 * @param selector not recovered yet
 * @param buffer its ledger
 * @param beforeCycle brings the selector up to date with what may change at any time
 * @param close gives back what was opened for it
 */
public record PartitionSelector(TraceSelector selector, CycleBuffer buffer, Runnable beforeCycle, Runnable close) {}
