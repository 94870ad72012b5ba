package dev.tailsampling.policy;

import dev.tailsampling.trace.Threshold;

/**
 * A policy under the name by which decisions refer to it.
 *
 * @param name not blank
 * @param policy what it matches
 * @param rate keeps this share of the traces that it matches, by randomness; {@link Threshold#ALWAYS} for all
 */
public record NamedPolicy(String name, SamplingPolicy policy, Threshold rate) {

    public NamedPolicy {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a policy needs a name");
        }
    }

    /** A policy that keeps everything it matches. */
    public static NamedPolicy of(String name, SamplingPolicy policy) {
        return new NamedPolicy(name, policy, Threshold.ALWAYS);
    }
}
