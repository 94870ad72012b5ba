package dev.tailsampling.assembly;

import dev.tailsampling.policy.TraceSummary;

/**
 * A trace ready to be decided.
 *
 * @param summary all that was seen of it; handed over, no longer changed
 * @param reason why it is complete
 */
public record CompletedTrace(TraceSummary summary, CompletionReason reason) {}
