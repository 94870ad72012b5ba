package dev.tailsampling.policy;

/** What a policy can say of a trace (sampling semantics of the Collector's {@code tail_sampling}). */
public enum VoteKind {
    /** Keep it. */
    SAMPLED,
    /** Nothing to say for it. */
    NOT_SAMPLED,
    /** Drop it, whatever the others say. */
    DROPPED,
    /** The policy could not be evaluated; it counts for nothing. */
    ERROR,
    /** Of an inverted policy in the Collector before 2026: keep it, unless some policy says NOT_SAMPLED. */
    INVERT_SAMPLED,
    /** Of an inverted policy in the Collector before 2026: do not keep it, whatever other policies sample. */
    INVERT_NOT_SAMPLED
}
