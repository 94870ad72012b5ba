package dev.tailsampling.admin;

import dev.tailsampling.admin.DecisionExplainer.Explained;
import dev.tailsampling.admin.RulePreview.Matches;
import dev.tailsampling.admin.TableBoard.State;
import dev.tailsampling.admin.TableBoard.TableState;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Evidence;
import dev.tailsampling.policy.Explanation;
import dev.tailsampling.policy.Finding;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicyFinding;
import dev.tailsampling.policy.Vote;
import dev.tailsampling.policy.VoteKind;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DeadLetter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.FinishedCycle;
import dev.tailsampling.selector.InstanceRun;
import dev.tailsampling.selector.MemoryLedger;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.TraceFacts;
import dev.tailsampling.store.MemoryForceRules;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A service that samples nothing, but has something to tell under every path. */
final class MemoryService {

    static final String TABLE = "otel.spans";
    static final TraceId TRACE = TraceId.parse("0af7651916cd43dd8448eb211c80319c");

    final Instant now = Instant.parse("2026-11-26T12:00:00Z");
    final InstantSource clock = () -> now;
    final MemoryForceRules rules = new MemoryForceRules(clock);
    final MemoryLedger ledger = new MemoryLedger();
    final MemoryPolicies policies = new MemoryPolicies();
    final MemoryOperations operations = new MemoryOperations();

    MemoryService() {
        ledger.rows().add(decision(TRACE, now.minusSeconds(60), 1, CompletionReason.QUIET, Outcome.SAMPLED));
        ledger.rows().add(decision(TRACE, now.minusSeconds(50), 2, CompletionReason.LATE_SPANS, Outcome.SAMPLED));
        operations.cycles.add(new FinishedCycle(TABLE, now, report()));
        operations.letters.add(new DeadLetter(TABLE, new SourceRow(3, 77, now.toEpochMilli(), 0), "not OTLP", now));
        operations.begin(new InstanceRun("run-1", "tss-0", "host", "0.1.0", TABLE, now, null, null));
    }

    static CycleReport report() {
        return new CycleReport(Map.of(CycleMetric.CYCLES, 1L, CycleMetric.TRACES_SAMPLED, 2L), Map.of("abc", 1L));
    }

    static DecisionRecord decision(TraceId trace, Instant arrival, long cycle, CompletionReason completion,
            Outcome outcome) {
        return new DecisionRecord(TABLE, cycle, "run-1", "0123456789ab", arrival.plusSeconds(30),
                arrival.toEpochMilli(), completion,
                new TraceFacts(trace, 1, 0, 100, 1_000, 651_800_000, arrival.toEpochMilli(), arrival.toEpochMilli(),
                        0, 0, null, List.of(), "shop", "GET /"),
                new Decision(outcome, "all", "all samples", outcome == Outcome.SAMPLED ? Threshold.ALWAYS : null,
                        List.of(new Vote("all", VoteKind.SAMPLED))));
    }

    AdminPorts ports() {
        return new AdminPorts(rules, (request, window) -> List.of(new Matches(TABLE, now.minus(window), now, 10, 1,
                List.of(TRACE))), ledger, MemoryService::explained, policies, this::tables, operations, clock);
    }

    private static Explained explained(DecisionRecord decision) {
        Evidence evidence = new Evidence(0x00f067aa0ba902b7L, "GET /", "shop", "span.name = \"GET /\"");
        Finding part = new Finding("part", "a part", Finding.Answer.DOES_NOT_MATCH, null, "", List.of(), List.of());
        Finding finding = new Finding("all", "always_sample", Finding.Answer.MATCHES, Threshold.ALWAYS, "every trace",
                List.of(evidence), List.of(part));
        return new Explained(new Explanation("all samples every trace", List.of(), List.of(new PolicyFinding(
                decision.decision().votes().getFirst(), PolicyFinding.Part.DECIDED, finding))), List.of("a remark"));
    }

    private List<TableState> tables() {
        return List.of(
                new TableState("otel.other", State.MISSING, "there is no such table yet", null, null, null, null,
                        CycleReport.NONE),
                new TableState(TABLE, State.SAMPLING, null, "0123456789ab", now, now, report(), report()));
    }
}
