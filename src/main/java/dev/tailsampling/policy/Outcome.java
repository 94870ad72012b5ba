package dev.tailsampling.policy;

/** What became of a trace. */
public enum Outcome {
    /** At least one policy sampled it: it is exported. */
    SAMPLED,
    /** No policy sampled it. */
    NOT_SAMPLED,
    /** A drop policy removed it, whatever the others said. */
    DROPPED
}
