package dev.tailsampling.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.PolicyFinding;
import dev.tailsampling.policy.Vote;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
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
@Command(name = "explain", description = {"Shows why a trace was kept or not: every rule's and policy's vote and what led to it.",
        "The recorded facts are decided again with the recorded version of the policies."})
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
            found.forEach(decision -> print(decision, findings(workspace, decision)));
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

    /** Decides again what was recorded; without the policies' text only the recorded votes can be shown. */
    private static List<PolicyFinding> findings(Workspace workspace, DecisionRecord decision) {
        return workspace.policySet(decision.policySet()).map(CompiledPolicies::of)
                .filter(policies -> !decision.decision().votes().isEmpty())
                .map(policies -> policies.explain(decision.trace().toSummary()))
                .orElseGet(() -> decision.decision().votes().stream().map(ExplainCommand::bare).toList());
    }

    private static PolicyFinding bare(Vote vote) {
        return new PolicyFinding(vote, "", "", Threshold.NEVER);
    }

    private void print(DecisionRecord decision, List<PolicyFinding> findings) {
        if (output.format() == OutputFormat.json) {
            JsonLines.print(main.console().out(), json -> {
                DecisionJson.write(json, decision);
                writeFindings(json, findings);
            });
        } else {
            text(decision, findings);
        }
    }

    private static void writeFindings(JsonGenerator json, List<PolicyFinding> findings) throws IOException {
        json.writeArrayFieldStart("findings");
        for (PolicyFinding finding : findings) {
            json.writeStartObject();
            json.writeStringField("policy", finding.vote().policy());
            json.writeStringField("vote", finding.vote().vote().name());
            json.writeStringField("definition", finding.definition());
            json.writeStringField("why", finding.why());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void text(DecisionRecord decision, List<PolicyFinding> findings) {
        PrintWriter out = main.console().out();
        out.printf(Locale.ROOT, "Trace %s of %s%n", decision.trace().traceId(), decision.source());
        out.printf(Locale.ROOT, "  %s: %s%n", decision.decision().outcome(), decision.decision().reason());
        out.printf(Locale.ROOT, "  %,d spans, %s ms, root %s %s, arrived %s to %s%n", decision.trace().spanCount(),
                DecisionJson.millis(decision.trace().durationNanos()).toPlainString(),
                shown(decision.trace().rootService()), shown(decision.trace().rootName()),
                Instant.ofEpochMilli(decision.trace().firstArrivalMillis()),
                Instant.ofEpochMilli(decision.trace().lastArrivalMillis()));
        out.printf(Locale.ROOT, "  decided %s in cycle %d of run %s, complete because %s, policies %s%n",
                decision.decidedAt(), decision.cycle(), decision.runId(), decision.completion(),
                decision.policySet());
        for (PolicyFinding finding : findings) {
            out.printf(Locale.ROOT, "    %-12s %-20s %s%s%n", finding.vote().vote(), finding.vote().policy(),
                    finding.definition(), finding.why().isEmpty() ? "" : " (" + finding.why() + ")");
        }
    }

    private static String shown(@Nullable String text) {
        return text == null || text.isEmpty() ? "unknown" : text;
    }
}
