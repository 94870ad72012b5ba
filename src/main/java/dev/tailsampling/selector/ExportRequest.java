package dev.tailsampling.selector;

import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.Threshold;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sampled trace to be fetched and exported. The same from the decision and from the ledger, so that spans that are sent
 * again leave as they did before.
 *
 * @param spanCount spans that belong to the decision
 * @param threshold with which it was kept, null if unknown
 * @param randomness R of the trace
 * @param leavesOnce whether duplicates of spans were not counted: if the trace is fetched, they are left out of the export
 */
record ExportRequest(FetchRequest fetch, int spanCount, String policy, @Nullable Threshold threshold,
        long randomness, boolean leavesOnce) {

    /** From a decision of this cycle. */
    static ExportRequest of(DecidedTrace decided) {
        TraceSummary trace = decided.summary();
        return of(FetchRequest.of(decided), trace.spanCount(), decided.decision(), trace.randomness(),
                trace.isHandedOver());
    }

    /** The same where more spans are stored than were counted. */
    ExportRequest ofUnknownCount() {
        return new ExportRequest(fetch.ofUnknownCount(), spanCount, policy, threshold, randomness, true);
    }

    /** From the ledger. */
    static ExportRequest of(DecisionRecord logged) {
        TraceFacts trace = logged.trace();
        return of(FetchRequest.of(logged), trace.spanCount(), logged.decision(), trace.randomness(), false);
    }

    private static ExportRequest of(FetchRequest fetch, int spanCount, Decision decision, long randomness,
            boolean leavesOnce) {
        return new ExportRequest(fetch, spanCount, Objects.requireNonNullElse(decision.policy(), ""),
                decision.threshold(), randomness, leavesOnce);
    }
}
