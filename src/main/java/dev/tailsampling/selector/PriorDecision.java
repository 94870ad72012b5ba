package dev.tailsampling.selector;

import dev.tailsampling.policy.Outcome;
import dev.tailsampling.trace.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a decided trace so that late spans can follow it.
 *
 * @param cycle the cycle that decided
 * @param outcome its outcome
 * @param policy the deciding policy, null if none
 * @param threshold the threshold, null unless sampled
 */
public record PriorDecision(long cycle, Outcome outcome, @Nullable String policy, @Nullable Threshold threshold) {}
