package dev.tailsampling.backfill;

import dev.tailsampling.assembly.OpenTraces;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Traces folded for one policy set that is tried out. Each trace is what was seen of it, complete or not. */
public final class TrialTraces {

    /** Beside the traces that are being sampled there is room for so many more; each takes some 120 bytes. */
    static final int MAX_TRACES = 500_000;

    private final CompiledPolicies policies;
    private final QuietRule quiet;
    private final OpenTraces traces;

    /** None yet. */
    public TrialTraces(CompiledPolicies policies, QuietRule quiet) {
        this.policies = policies;
        this.quiet = quiet;
        this.traces = new OpenTraces(quiet, policies.folder());
    }

    Set<SpanField> fields() {
        return policies.fields();
    }

    /**
     * One span in.
     *
     * @throws SourceException if there are too many traces
     */
    void fold(SpanView span, SourceRow row) {
        if (traces.fold(span, row.timestampMillis(), row.location()).spanCount() == 1 && traces.size() > MAX_TRACES) {
            throw new SourceException("more than " + MAX_TRACES
                    + " traces arrived in that time, which is more than may be tried at once: ask for fewer minutes, "
                    + "or use tss backfill --mode dry-run");
        }
    }

    /** How many there are. */
    public int size() {
        return traces.size();
    }

    /** Those that some force rule of the set matches, by id. */
    public List<TraceId> matchedByRules() {
        return summaries().stream().filter(summary -> !policies.matchedRules(summary).isEmpty())
                .map(TraceSummary::traceId).toList();
    }

    /** Those that the set would sample, with full budgets at the beginning. */
    public Set<TraceId> sampled() {
        List<TraceSummary> summaries = summaries();
        List<Decision> decisions = new PolicyDecider(policies).decide(summaries.stream()
                .map(summary -> new PolicyDecider.Candidate(summary, quiet.deadlineMillis(summary))).toList());
        Set<TraceId> sampled = new HashSet<>();
        for (int i = 0; i < decisions.size(); i++) {
            if (decisions.get(i).outcome() == Outcome.SAMPLED) {
                sampled.add(summaries.get(i).traceId());
            }
        }
        return sampled;
    }

    private List<TraceSummary> summaries() {
        List<TraceSummary> all = new ArrayList<>(traces.size());
        traces.forEach(all::add);
        all.sort(Comparator.comparing(TraceSummary::traceId));
        return all;
    }
}
