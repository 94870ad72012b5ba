package dev.tailsampling.policy;

import dev.tailsampling.trace.Threshold;

/**
 * Why one policy voted as it did.
 *
 * @param vote the vote
 * @param definition what the policy asks for
 * @param why what it found
 * @param threshold at which it would sample; {@link Threshold#NEVER} when it did not match
 */
public record PolicyFinding(Vote vote, String definition, String why, Threshold threshold) {}
