package dev.tailsampling.store;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.TraceFacts;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of the ledger, of which a test names only what matters to it. */
final class DecisionRecords {

    static final String SOURCE = "otel.spans";
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private DecisionRecords() {}

    static DecisionRecord sampled(TraceId traceId, long cycle) {
        return row(traceId, cycle, new Decision(Outcome.SAMPLED, "errors", "", Threshold.ALWAYS, List.of()));
    }

    static DecisionRecord notSampled(TraceId traceId, long cycle) {
        return row(traceId, cycle, new Decision(Outcome.NOT_SAMPLED, null, "", null, List.of()));
    }

    static DecisionRecord lateSpans(TraceId traceId, long cycle) {
        return row(traceId, cycle, CompletionReason.LATE_SPANS, NOON,
                new Decision(Outcome.DROPPED, "late", "", null, List.of()));
    }

    static DecisionRecord decidedAt(Instant time, TraceId traceId) {
        return row(traceId, 1, CompletionReason.QUIET, time,
                new Decision(Outcome.NOT_SAMPLED, null, "", null, List.of()));
    }

    static DecisionRecord row(TraceId traceId, long cycle, Decision decision) {
        return row(traceId, cycle, CompletionReason.QUIET, NOON, decision);
    }

    static DecisionRecord row(TraceId traceId, long cycle, CompletionReason completion, Instant decidedAt,
            Decision decision) {
        return new DecisionRecord(SOURCE, cycle, "run", "0123456789ab", decidedAt, 0, completion, facts(traceId),
                decision);
    }

    static Decision decision(Outcome outcome, @Nullable String policy, @Nullable Threshold threshold) {
        return new Decision(outcome, policy, "", threshold, List.of());
    }

    private static TraceFacts facts(TraceId traceId) {
        return new TraceFacts(traceId, 1, 0, 100, 0, 0, 0, 0, 0, 0, null, List.of(), null, null);
    }
}
