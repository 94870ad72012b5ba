package dev.tailsampling.backfill;

import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionFilter.ArrivalRange;
import dev.tailsampling.selector.DecisionLog;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.LedgerKey;
import dev.tailsampling.trace.TraceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the traces that were exported before: that the scanner decided to keep, or another run in export mode whose export
 * was confirmed.
 */
final class ExportedBefore {

    private final DecisionLog log;
    private final ControlLog control;
    private final BackfillRun run;

    ExportedBefore(DecisionLog log, ControlLog control, BackfillRun run) {
        this.log = log;
        this.control = control;
        this.run = run;
    }

    /** Those of the requested traces that were exported before. */
    Set<TraceId> among(List<FetchRequest> requests) {
        Set<TraceId> asked = requests.stream().map(FetchRequest::traceId).collect(Collectors.toSet());
        Set<TraceId> exported = new HashSet<>();
        Map<String, Map<Long, Set<TraceId>>> byRunAndCycle = new HashMap<>();
        log.forEach(filter(requests), decision -> {
            TraceId traceId = decision.trace().traceId();
            if (asked.contains(traceId)) {
                if (decision.backfill() == null) {
                    exported.add(traceId);
                } else if (isOfAnotherExport(decision)) {
                    byRunAndCycle.computeIfAbsent(decision.runId(), unseen -> new HashMap<>())
                            .computeIfAbsent(decision.cycle(), unseen -> new HashSet<>()).add(traceId);
                }
            }
        });
        byRunAndCycle.forEach((id, cycles) -> confirmed(id, cycles.keySet())
                .forEach(cycle -> exported.addAll(cycles.getOrDefault(cycle, Set.of()))));
        return exported;
    }

    /** Late spans may be asked for, so the trace's decision may be as much older as a trace can be open. */
    private DecisionFilter filter(List<FetchRequest> requests) {
        long first = requests.stream().mapToLong(FetchRequest::firstArrivalMillis).min().orElse(0);
        long last = requests.stream().mapToLong(FetchRequest::lastArrivalMillis).max().orElse(0);
        long reach = run.quiet().maxTraceDurationMillis() + run.quiet().inactivityTimeoutMillis();
        return new DecisionFilter(run.table(), null, Outcome.SAMPLED, null, null, 0, Long.MAX_VALUE,
                DecisionFilter.LateSpans.EXCLUDE).withFirstArrival(new ArrivalRange(first - reach, last));
    }

    private boolean isOfAnotherExport(DecisionRecord decision) {
        return decision.backfill() == BackfillMode.EXPORT && !decision.runId().equals(run.id());
    }

    private List<Long> confirmed(String runId, Collection<Long> cycles) {
        return control.confirmedExports(new LedgerKey(run.table(), runId).inLedger(log.identity()), cycles);
    }
}
