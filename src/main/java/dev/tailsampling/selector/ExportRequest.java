package dev.tailsampling.selector;

import dev.tailsampling.policy.Decision;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.List;
import java.util.Objects;

/** A sampled trace to be fetched and exported. */
record ExportRequest(FetchRequest fetch, String policy, Threshold threshold) {

    static ExportRequest of(TraceId traceId, Decision decision, List<Integer> locations, long firstArrivalMillis,
            long lastArrivalMillis, long byteCount) {
        return new ExportRequest(new FetchRequest(traceId, locations, firstArrivalMillis, lastArrivalMillis, byteCount),
                Objects.requireNonNullElse(decision.policy(), ""),
                Objects.requireNonNullElse(decision.threshold(), Threshold.ALWAYS));
    }

    /** From the ledger: the files are not known any more, the arrival times find them. */
    static ExportRequest of(DecisionRecord logged) {
        TraceFacts trace = logged.trace();
        return of(trace.traceId(), logged.decision(), List.of(), trace.firstArrivalMillis(), trace.lastArrivalMillis(),
                trace.byteCount());
    }
}
