package dev.tailsampling.cli;

import dev.tailsampling.admin.DecisionExplainer.Explained;
import dev.tailsampling.admin.DecisionJson;
import dev.tailsampling.admin.ExplanationJson;
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
            RecordedDecisions explainer = new RecordedDecisions(workspace);
            found.forEach(decision -> print(decision, explainer.explain(decision)));
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
