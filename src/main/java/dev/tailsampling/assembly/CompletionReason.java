package dev.tailsampling.assembly;

/** Why a trace was taken for complete. */
public enum CompletionReason {
    /** No span arrived for the inactivity timeout. */
    QUIET,
    /** It has been open for the maximal duration; later spans are late. */
    MAX_DURATION,
    /** The end of the input was declared to be the end of all traces. */
    DRAINED,
    /** Spans of a trace that had been decided before; they follow that decision. */
    LATE_SPANS
}
