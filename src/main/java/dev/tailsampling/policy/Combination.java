package dev.tailsampling.policy;

/** How the policies of a set decide together. A drop policy wins over all others, except where the first match decides. */
public enum Combination {
    /** Every policy votes; one that samples is enough, and the lowest threshold counts. The Collector's way. */
    ANY,
    /** In order, until one samples (the Collector's {@code sample_on_first_match}). */
    FIRST_SAMPLED,
    /** In order, until one matches; whatever it says is the decision. Refinery's way. */
    FIRST_MATCH
}
