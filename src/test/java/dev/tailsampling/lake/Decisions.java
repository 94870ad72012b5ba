package dev.tailsampling.lake;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.Vote;
import dev.tailsampling.policy.VoteKind;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.TraceFacts;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.util.List;

/** Cycles and ledger rows, of which a test names only what matters to it. */
final class Decisions {

    static final String SOURCE = "otel.spans";
    private static final Decision KEEP = new Decision(Outcome.SAMPLED, "errors", "sampled by errors", Threshold.ALWAYS,
            List.of(new Vote("errors", VoteKind.SAMPLED), new Vote("slow", VoteKind.NOT_SAMPLED)));
    private static final Decision LEAVE =
            new Decision(Outcome.NOT_SAMPLED, null, "no policy matched", null, List.of());

    private Decisions() {}

    static LoggedCycle cycle(long number) {
        return cycle(SOURCE, number);
    }

    static LoggedCycle cycle(String source, long number) {
        SourceOffsets next = SourceOffsets.parse("0:" + 10 * number + ",3:" + number);
        return new LoggedCycle(source, number, source + "-cycle-" + number, "run-1", "v1",
                new SourceCursor("uuid-of-" + source, 100 + number, next, 1_000 * number),
                SourceOffsets.parse("0:" + 5 * number), List.of());
    }

    static DecisionRecord sampled(int trace, long cycle) {
        return row(SOURCE, trace, cycle, CompletionReason.QUIET, KEEP);
    }

    static DecisionRecord notSampled(int trace, long cycle) {
        return row(SOURCE, trace, cycle, CompletionReason.QUIET, LEAVE);
    }

    static DecisionRecord late(int trace, long cycle) {
        return row(SOURCE, trace, cycle, CompletionReason.LATE_SPANS, KEEP);
    }

    static DecisionRecord row(String source, int trace, long cycle, CompletionReason completion, Decision decision) {
        TraceId id = Otlp.trace(trace);
        return new DecisionRecord(source, cycle, "run-1", "v1", Instant.parse("2026-01-01T12:00:00.123456Z"),
                1_000 * cycle, completion, new TraceFacts(id, 3, 2, 1_500, 1_767_268_800_000_000_001L,
                        1_767_268_800_250_000_001L, TestLake.millis(1), TestLake.millis(2), 0b101, id.low(),
                        Threshold.parse("8"),
                        List.of(3L, -1L),
                        "shop", "GET /"),
                decision);
    }
}
