package dev.tailsampling.selector;

import dev.tailsampling.policy.Decision;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sampled trace to be fetched and exported. The same from the decision and from the ledger, so that spans that are sent
 * again leave as they did before.
 *
 * @param threshold with which it was kept, null if unknown
 * @param randomness R of the trace
 */
record ExportRequest(FetchRequest fetch, String policy, @Nullable Threshold threshold, long randomness) {

    static ExportRequest of(TraceId traceId, Decision decision, List<Integer> locations, long firstArrivalMillis,
            long lastArrivalMillis, long byteCount, long randomness) {
        return new ExportRequest(new FetchRequest(traceId, locations, firstArrivalMillis, lastArrivalMillis, byteCount),
                Objects.requireNonNullElse(decision.policy(), ""), decision.threshold(), randomness);
    }

    /** From the ledger: the files are not known any more, the arrival times find them. */
    static ExportRequest of(DecisionRecord logged) {
        TraceFacts trace = logged.trace();
        return of(trace.traceId(), logged.decision(), List.of(), trace.firstArrivalMillis(), trace.lastArrivalMillis(),
                trace.byteCount(), trace.randomness());
    }
}
