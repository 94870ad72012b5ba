package dev.tailsampling.cli;

import dev.tailsampling.admin.DecisionExplainer;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Explanation;
import dev.tailsampling.policy.Finding;
import dev.tailsampling.policy.PolicyFinding;
import dev.tailsampling.policy.PolicyFinding.Part;
import dev.tailsampling.policy.Vote;
import dev.tailsampling.selector.DecisionRecord;
import java.util.List;

/** Explains decisions by the texts of policies that the control plane keeps and the spans that the tables still have. */
final class RecordedDecisions implements DecisionExplainer {

    private final Workspace workspace;

    /** Reads nothing yet. */
    RecordedDecisions(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public Explained explain(DecisionRecord decision) {
        if (decision.completion() == CompletionReason.LATE_SPANS) {
            return new Explained(votesOnly(decision, "spans that come late follow the decision on their trace"),
                    List.of());
        }
        return workspace.policySet(decision.policySet()).map(CompiledPolicies::of)
                .map(policies -> RecordedTrace.read(workspace, policies, decision))
                .map(trace -> new Explained(trace.explain(), trace.remarks()))
                .orElseGet(() -> new Explained(votesOnly(decision, decision.decision().reason()),
                        List.of("the text of policies " + decision.policySet()
                                + " is not known here, so only the recorded votes can be shown")));
    }

    private static Explanation votesOnly(DecisionRecord decision, String because) {
        return new Explanation(because, List.of(),
                decision.decision().votes().stream().map(vote -> bare(vote, decision)).toList());
    }

    private static PolicyFinding bare(Vote vote, DecisionRecord decision) {
        return new PolicyFinding(vote, vote.policy().equals(decision.decision().policy()) ? Part.DECIDED : Part.VOTED,
                new Finding(vote.policy(), "", Finding.Answer.DEPENDS_ON_OTHER_TRACES, null, "", List.of(),
                        List.of()));
    }
}
