package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.TraceSummary;

/** A completed trace with its decision, within one cycle. */
record DecidedTrace(TraceSummary summary, CompletionReason completion, Decision decision) {

    boolean isSampled() {
        return decision.outcome() == Outcome.SAMPLED;
    }

    boolean isLate() {
        return completion == CompletionReason.LATE_SPANS;
    }
}
