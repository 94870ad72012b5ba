package dev.tailsampling.policy;

/**
 * What one policy said of a trace.
 *
 * @param policy the policy's name
 * @param vote what it said
 */
public record Vote(String policy, VoteKind vote) {}
