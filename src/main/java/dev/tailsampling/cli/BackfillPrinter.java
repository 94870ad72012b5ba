package dev.tailsampling.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailsampling.backfill.BackfillReport;
import dev.tailsampling.backfill.BackfillReport.Amount;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** Prints what a backfill run has decided. */
final class BackfillPrinter {

    private final Console console;

    BackfillPrinter(Console console) {
        this.console = console;
    }

    /** For machines. */
    void json(BackfillSession session, boolean ended) {
        BackfillRun run = session.asked();
        BackfillReport report = session.report();
        JsonLines.print(console.out(), json -> {
            json.writeStringField("table", run.table());
            if (run.mode() != BackfillMode.DRY_RUN) {
                json.writeStringField("run_id", run.id());
            }
            json.writeStringField("mode", run.mode().label());
            json.writeStringField("from", from(run));
            json.writeStringField("to", to(run));
            json.writeStringField("policy_set", run.policySet());
            json.writeBooleanField("ended", ended);
            for (Outcome outcome : Outcome.values()) {
                write(json, "_" + outcome.name().toLowerCase(Locale.ROOT), report.of(outcome));
            }
            write(json, "_late", report.late());
            json.writeNumberField("traces_kept_share", share(kept(report).traces(), report.decided().traces()));
            json.writeNumberField("bytes_kept_share", share(kept(report).bytes(), report.decided().bytes()));
            json.writeNumberField("traces_exported_before", report.slices().tracesExportedBefore());
            json.writeNumberField("spans_exported", report.slices().spansExported());
            json.writeStringField("exported_to", session.destination());
            json.writeObjectFieldStart("policies");
            for (Map.Entry<String, Amount> policy : report.byPolicy().entrySet()) {
                json.writeObjectFieldStart(policy.getKey());
                write(json, "", policy.getValue());
                json.writeEndObject();
            }
            json.writeEndObject();
        });
        console.out().flush();
    }

    private static void write(JsonGenerator json, String suffix, Amount amount) throws IOException {
        json.writeNumberField("traces" + suffix, amount.traces());
        json.writeNumberField("spans" + suffix, amount.spans());
        json.writeNumberField("bytes" + suffix, amount.bytes());
    }

    /** For people. */
    void text(BackfillSession session) {
        BackfillRun run = session.asked();
        BackfillReport report = session.report();
        PrintWriter out = console.out();
        out.printf(Locale.ROOT, "Backfilled %s from %s to %s: %s%n%n", run.table(), from(run), to(run),
                run.mode() == BackfillMode.DRY_RUN ? "dry run, nothing is recorded" : "run " + run.id());
        out.printf(Locale.ROOT, "%-24s%12s%14s%12s%n", "", "traces", "spans", "MB");
        line("sampled", kept(report));
        line("not sampled", report.of(Outcome.NOT_SAMPLED));
        line("dropped", report.of(Outcome.DROPPED));
        line("in all", report.decided());
        line("late spans, besides", report.late());
        out.println();
        report.byPolicy().forEach((policy, amount) -> line("by " + policy, amount));
        out.printf(Locale.ROOT, "%nKept %.1f %% of the traces and %.1f %% of the bytes under policies %s.%n",
                100 * share(kept(report).traces(), report.decided().traces()),
                100 * share(kept(report).bytes(), report.decided().bytes()), run.policySet());
        if (run.mode() == BackfillMode.EXPORT) {
            out.printf(Locale.ROOT, "Exported %,d spans to %s; %,d traces had been exported before.%n",
                    report.slices().spansExported(), session.destination(), report.slices().tracesExportedBefore());
        }
        out.flush();
    }

    private void line(String what, Amount amount) {
        console.out().printf(Locale.ROOT, "%-24s%,12d%,14d%,12.1f%n", what, amount.traces(), amount.spans(),
                amount.bytes() / 1e6);
    }

    private static Amount kept(BackfillReport report) {
        return report.of(Outcome.SAMPLED);
    }

    private static double share(long part, long all) {
        return all == 0 ? 0 : (double) part / all;
    }

    private static String from(BackfillRun run) {
        return Instant.ofEpochMilli(run.fromMillisInclusive()).toString();
    }

    private static String to(BackfillRun run) {
        return Instant.ofEpochMilli(run.toMillisExclusive()).toString();
    }

    /** Remarks for people, whatever the format of the report. */
    void hints(BackfillSession session, boolean ended) {
        session.exportProblem().ifPresent(console::warn);
        if (!ended) {
            console.warn("the destination did not confirm every export; the same command with --run-id "
                    + session.asked().id() + " tries again");
        }
    }
}
