package dev.tailsampling.policy;

import dev.tailsampling.trace.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * One policy's vote and what led to it.
 *
 * @param vote the vote
 * @param definition the policy as a line of text
 * @param why what the policy found in the trace
 * @param threshold at which the policy samples (or drops below) the trace; null if it does not match
 */
public record PolicyFinding(Vote vote, String definition, String why, @Nullable Threshold threshold) {}
