package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletedTrace;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The decisions of one cycle: late spans follow the decision on their trace, all others are decided.
 *
 * @param policies to decide with
 * @param decider decides where traces compete
 * @param quiet says when a trace was complete
 */
record CycleDecisions(CompiledPolicies policies, PolicyDecider decider, QuietRule quiet) {

    /** One for each trace, in the order given. */
    List<DecidedTrace> on(List<CompletedTrace> completed, Map<TraceId, PriorDecision> prior) {
        List<CompletedTrace> fresh =
                completed.stream().filter(trace -> !prior.containsKey(trace.summary().traceId())).toList();
        // A cycle knows few different decisions; equal ones are kept once.
        Map<Decision, Decision> distinct = new HashMap<>();
        List<DecidedTrace> decided = new ArrayList<>(completed.size());
        Iterator<Decision> decisions = decideFresh(fresh).iterator();
        for (CompletedTrace trace : completed) {
            PriorDecision earlier = prior.get(trace.summary().traceId());
            Decision decision = earlier == null ? decisions.next() : followed(earlier);
            CompletionReason reason = earlier == null ? trace.reason() : CompletionReason.LATE_SPANS;
            decided.add(new DecidedTrace(trace.summary(), reason,
                    distinct.computeIfAbsent(decision, same -> same)));
        }
        return decided;
    }

    /** Where traces compete, those that were complete at the same time do so in the order of their ids. */
    private List<Decision> decideFresh(List<CompletedTrace> fresh) {
        if (!policies.hasLimits()) {
            return fresh.stream().map(trace -> policies.decide(trace.summary())).toList();
        }
        List<TraceSummary> ordered = fresh.stream().map(CompletedTrace::summary)
                .sorted(Comparator.comparing(TraceSummary::traceId)).toList();
        List<Decision> decisions = decider.decide(ordered.stream()
                .map(summary -> new PolicyDecider.Candidate(summary, quiet.deadlineMillis(summary))).toList());
        Map<TraceId, Decision> byTrace = new HashMap<>();
        for (int i = 0; i < ordered.size(); i++) {
            byTrace.put(ordered.get(i).traceId(), decisions.get(i));
        }
        return fresh.stream().map(trace -> byTrace.get(trace.summary().traceId())).toList();
    }

    private static Decision followed(PriorDecision earlier) {
        return new Decision(earlier.outcome(), earlier.policy(),
                "late spans follow the decision of cycle " + earlier.cycle(), earlier.threshold(), List.of());
    }
}
