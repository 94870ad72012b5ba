package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.Threshold;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sampled trace to be fetched and exported. The same from the decision and from the ledger, so that spans that are sent
 * again leave as they did before.
 *
 * @param spanCount spans that belong to the decision
 * @param threshold with which it was kept, null if unknown
 * @param randomness R of the trace
 */
record ExportRequest(FetchRequest fetch, int spanCount, String policy, @Nullable Threshold threshold,
        long randomness) {

    /** From a decision of this cycle. */
    static ExportRequest of(DecidedTrace decided) {
        TraceSummary trace = decided.summary();
        return of(new FetchRequest(trace.traceId(), Arrays.stream(trace.locations()).boxed().toList(),
                trace.firstArrivalMillis(), trace.lastArrivalMillis(),
                spansWithinArrivals(trace.spanCount(), decided.completion()), trace.byteCount()), trace.spanCount(),
                decided.decision(), trace.randomness());
    }

    /** From the ledger: the files are not known any more, the arrival times find them. */
    static ExportRequest of(DecisionRecord logged) {
        TraceFacts trace = logged.trace();
        return of(new FetchRequest(trace.traceId(), List.of(), trace.firstArrivalMillis(), trace.lastArrivalMillis(),
                spansWithinArrivals(trace.spanCount(), logged.completion()), trace.byteCount()), trace.spanCount(),
                logged.decision(), trace.randomness());
    }

    /** Between the arrivals of late spans there may be others, of the decision before. */
    private static int spansWithinArrivals(int spanCount, CompletionReason completion) {
        return completion == CompletionReason.LATE_SPANS ? FetchRequest.UNKNOWN_SPAN_COUNT : spanCount;
    }

    private static ExportRequest of(FetchRequest fetch, int spanCount, Decision decision, long randomness) {
        return new ExportRequest(fetch, spanCount, Objects.requireNonNullElse(decision.policy(), ""),
                decision.threshold(), randomness);
    }
}
