package dev.tailsampling.assembly;

/** Why a trace was taken for complete. */
public enum CompletionReason {
    /** No span arrived for the inactivity timeout. */
    QUIET,
    /** It has been open for the maximal duration; later spans are late. */
    MAX_DURATION,
    /** Memory for open traces was full and there is no lake to leave its spans to; later spans are late. */
    BUFFER_FULL,
    /** The end of the input was declared to be the end of all traces. */
    DRAINED,
    /** Spans of a trace that had been decided before; they follow that decision. */
    LATE_SPANS
}
