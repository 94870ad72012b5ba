package dev.tailsampling.policy;

/**
 * What one policy said of a trace.
 *
 * @param policy the policy's name
 * @param vote SAMPLED or NOT_SAMPLED; DROPPED for a drop policy that matched
 */
public record Vote(String policy, Outcome vote) {}
