package dev.tailsampling.cli;

import dev.tailsampling.lake.AutoMqTable;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Explanation;
import dev.tailsampling.policy.SpanEvidence;
import dev.tailsampling.policy.SpanFolder;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceOffsets;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A decided trace whose spans are read again from its table, as far as they are still there. */
final class RecordedTrace {

    private final CompiledPolicies policies;
    private final DecisionRecord decision;
    private final SpanEvidence evidence;
    private final TraceSummary refolded;
    private final List<String> remarks = new ArrayList<>();

    private RecordedTrace(CompiledPolicies policies, DecisionRecord decision) {
        this.policies = policies;
        this.decision = decision;
        this.evidence = policies.evidence();
        this.refolded = new TraceSummary(decision.trace().traceId().high(), decision.trace().traceId().low());
    }

    /** Reads what the table still has of the trace. */
    static RecordedTrace read(Workspace workspace, CompiledPolicies policies, DecisionRecord decision) {
        RecordedTrace trace = new RecordedTrace(policies, decision);
        try {
            trace.fetch(workspace);
            trace.remarkOnSpans();
        } catch (SourceException | UncheckedIOException e) {
            trace.remarks.add("its spans cannot be read, so this is what the recorded facts tell: " + e.getMessage());
        }
        if (policies.hasLimits()) {
            trace.remarks.add("votes and thresholds of policies with budgets stand as they were recorded: they "
                    + "depended on the other traces");
        }
        return trace;
    }

    private void fetch(Workspace workspace) {
        AutoMqTable table = new AutoMqTable(workspace.catalog(), decision.source(),
                Session.tableOptions(workspace.config(), workspace.clock()));
        SourceOffsets until = workspace.ledger().latest(decision.source())
                .map(cycle -> cycle.cursor().nextOffsets()).orElse(SourceOffsets.NONE);
        SpanFolder folder = policies.folder();
        OtlpSpans spans = new OtlpSpans();
        table.fetch(List.of(FetchRequest.of(decision)), until,
                (traceId, otlp, count) -> spans.forEach(otlp, 0, otlp.length, span -> {
                    evidence.add(span);
                    folder.fold(refolded, span);
                }));
    }

    private void remarkOnSpans() {
        if (refolded.spanCount() == 0) {
            remarks.add("its spans are no longer in the table, so this is what the recorded facts tell");
        } else if (!isWhole()) {
            remarks.add("the table has " + refolded.spanCount() + " of the " + decision.trace().spanCount()
                    + " spans that were decided on, so some evidence may be missing");
        }
    }

    private boolean isWhole() {
        return refolded.spanCount() == decision.trace().spanCount();
    }

    /** What the explanation cannot say, one sentence each. */
    List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** The spans tell more than the recorded facts, but only all of them tell what was decided on. */
    Explanation explain() {
        return policies.explain(evidence, isWhole() ? refolded : decision.trace().toSummary(), decision.decision());
    }
}
