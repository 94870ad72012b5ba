package dev.tailsampling.cli;

import dev.tailsampling.admin.DecisionJson;
import dev.tailsampling.admin.ExplanationJson;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Explanation;
import dev.tailsampling.policy.Finding;
import dev.tailsampling.policy.PolicyFinding;
import dev.tailsampling.policy.PolicyFinding.Part;
import dev.tailsampling.policy.Vote;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.trace.TraceId;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tss explain}: why a trace was kept or not. */
@Command(name = "explain", description = {
        "Shows why a trace was kept or not: every rule's and policy's vote and what led to it.",
        "The recorded version of the policies is put to the trace's spans again, as far as its table still has them,",
        "else to the recorded facts."})
final class ExplainCommand implements Callable<Integer> {

    @ParentCommand
    private Main main;

    @Mixin
    private OutputOption output;

    @Option(names = "--table", paramLabel = "NS.NAME", description = "Only decisions on traces of this table.")
    private @Nullable String table;

    @Parameters(paramLabel = "TRACE_ID", description = "32 hex digits.")
    private String traceId = "";

    @Override
    public Integer call() {
        DecisionFilter filter = new DecisionFilter(table, parse(traceId), null, null, null, 0, Long.MAX_VALUE,
                DecisionFilter.LateSpans.INCLUDE);
        List<DecisionRecord> found = new ArrayList<>();
        try (Workspace workspace = main.openWorkspace()) {
            workspace.ledger().forEach(filter, found::add);
            if (found.isEmpty()) {
                throw new CommandException("no decision on trace " + traceId
                        + " is in the ledger: it may be open still, or its table not scanned yet");
            }
            found.forEach(decision -> print(decision, explain(workspace, decision)));
        }
        main.console().out().flush();
        return ExitCode.OK;
    }

    private static TraceId parse(String text) {
        try {
            return TraceId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** An explanation and what it cannot say. */
    private record Explained(Explanation explanation, List<String> remarks) {}

    private static Explained explain(Workspace workspace, DecisionRecord decision) {
        if (decision.completion() == CompletionReason.LATE_SPANS) {
            return new Explained(votesOnly(decision, "spans that come late follow the decision on their trace"),
                    List.of());
        }
        return workspace.policySet(decision.policySet()).map(CompiledPolicies::of)
                .map(policies -> RecordedTrace.read(workspace, policies, decision))
                .map(trace -> new Explained(trace.explain(), trace.remarks()))
                .orElseGet(() -> new Explained(votesOnly(decision, decision.decision().reason()),
                        List.of("this home does not know the text of policies " + decision.policySet()
                                + ", so only the recorded votes can be shown")));
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

    private void print(DecisionRecord decision, Explained explained) {
        if (output.format() == OutputFormat.json) {
            JsonLines.print(main.console().out(), json -> {
                DecisionJson.write(json, decision);
                ExplanationJson.write(json, explained.explanation());
                json.writeArrayFieldStart("remarks");
                for (String remark : explained.remarks()) {
                    json.writeString(remark);
                }
                json.writeEndArray();
            });
        } else {
            text(decision, explained);
        }
    }

    private void text(DecisionRecord decision, Explained explained) {
        PrintWriter out = main.console().out();
        out.printf(Locale.ROOT, "Trace %s of %s%n", decision.trace().traceId(), decision.source());
        out.printf(Locale.ROOT, "  %s: %s%n", decision.decision().outcome(), decision.decision().reason());
        out.printf(Locale.ROOT, "  %,d spans, %s ms, root %s %s, arrived %s to %s%n", decision.trace().spanCount(),
                DecisionJson.millis(decision.trace().durationNanos()).toPlainString(),
                shown(decision.trace().rootService()), shown(decision.trace().rootName()),
                Instant.ofEpochMilli(decision.trace().firstArrivalMillis()),
                Instant.ofEpochMilli(decision.trace().lastArrivalMillis()));
        out.printf(Locale.ROOT, "  decided %s in cycle %d of %srun %s, complete because %s, policies %s%n",
                decision.decidedAt(), decision.cycle(), decision.backfill() == null ? "" : "backfill ",
                decision.runId(), decision.completion(),
                decision.policySet());
        explained.remarks().forEach(remark -> out.println("  note: " + remark));
        ExplanationPrinter.writeText(out, explained.explanation(), "  ");
    }

    private static String shown(@Nullable String text) {
        return text == null || text.isEmpty() ? "unknown" : text;
    }
}
