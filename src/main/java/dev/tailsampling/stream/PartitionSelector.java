package dev.tailsampling.stream;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.selector.CycleBuffer;
import dev.tailsampling.selector.TraceSelector;
import java.util.function.Supplier;

/**
 * What decides on the traces of one partition.
 *
 * @param selector not recovered yet
 * @param buffer its ledger
 * @param policies to decide with, at the moment of each cycle
 */
public record PartitionSelector(TraceSelector selector, CycleBuffer buffer, Supplier<CompiledPolicies> policies) {}
