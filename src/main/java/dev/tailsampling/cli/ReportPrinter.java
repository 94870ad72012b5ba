package dev.tailsampling.cli;

import dev.tailsampling.admin.CycleJson;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints what a scan did. */
final class ReportPrinter {

    private final Console console;

    ReportPrinter(Console console) {
        this.console = console;
    }

    /** For machines: every metric by its name. */
    void json(Session session, CycleReport report) {
        JsonLines.print(console.out(), json -> {
            json.writeStringField("table", session.source());
            json.writeStringField("run_id", session.runId());
            json.writeStringField("policy_set", session.policySet());
            json.writeStringField("exported_to", session.destination());
            CycleJson.write(json, report);
        });
        console.out().flush();
    }

    /** For people: a small table whose lines add up. */
    void text(Session session, CycleReport report) {
        PrintWriter out = console.out();
        out.printf(Locale.ROOT, "Scanned %s: %,d spans in %,d rows of %,d files, %.1f MB%s%n%n", session.source(),
                report.get(CycleMetric.SPANS_READ), report.get(CycleMetric.ROWS_READ),
                report.get(CycleMetric.FILES_READ), report.get(CycleMetric.BYTES_READ) / 1e6, oddRows(report));
        out.printf(Locale.ROOT, "%-14s%12s%14s%n", "", "traces", "spans");
        line("sampled", report.get(CycleMetric.TRACES_SAMPLED), report.get(CycleMetric.SPANS_SAMPLED));
        line("not sampled", report.get(CycleMetric.TRACES_NOT_SAMPLED), report.get(CycleMetric.SPANS_NOT_SAMPLED));
        line("dropped", report.get(CycleMetric.TRACES_DROPPED), report.get(CycleMetric.SPANS_DROPPED));
        line("late spans", report.get(CycleMetric.TRACES_LATE), report.get(CycleMetric.SPANS_LATE));
        line("still open", report.get(CycleMetric.TRACES_OPEN), report.get(CycleMetric.SPANS_OPEN_AFTER));
        line("in all", report.get(CycleMetric.TRACES_COMPLETED) + report.get(CycleMetric.TRACES_OPEN),
                report.get(CycleMetric.SPANS_OPEN_BEFORE) + report.get(CycleMetric.SPANS_READ));
        report.forceRuleMatches().forEach(this::ruleLine);
        out.printf(Locale.ROOT, "%nExported %,d spans to %s%s%n", report.get(CycleMetric.SPANS_EXPORTED),
                session.destination(), refused(report));
        out.printf(Locale.ROOT, "Took %.1f s to read, %.1f s to decide and record, %.1f s to export.%n",
                report.get(CycleMetric.READ_MILLIS) / 1e3, report.get(CycleMetric.DECIDE_MILLIS) / 1e3,
                report.get(CycleMetric.EXPORT_MILLIS) / 1e3);
        out.flush();
    }

    private void line(String what, long traces, long spans) {
        console.out().printf(Locale.ROOT, "%-14s%,12d%,14d%n", what, traces, spans);
    }

    private void ruleLine(String rule, long traces) {
        console.out().printf(Locale.ROOT, "Force rule %s matched %,d traces.%n", rule, traces);
    }

    private static String oddRows(CycleReport report) {
        long duplicate = report.get(CycleMetric.ROWS_DUPLICATE);
        long undecodable = report.get(CycleMetric.ROWS_UNDECODABLE);
        return (duplicate == 0 ? "" : String.format(Locale.ROOT, ", %,d duplicate rows skipped", duplicate))
                + (undecodable == 0 ? "" : String.format(Locale.ROOT, ", %,d undecodable rows", undecodable));
    }

    private static String refused(CycleReport report) {
        long refused = report.get(CycleMetric.SPANS_REFUSED);
        return refused == 0 ? "" : String.format(Locale.ROOT, " (%,d spans were refused)", refused);
    }

    /** Remarks for people, whatever the format of the report. */
    void hints(Session session, CycleReport report) {
        session.selector().exportProblem().ifPresent(console::warn);
        if (report.get(CycleMetric.TRACES_OPEN) > 0) {
            console.say("Some traces are not quiet yet: scan again later, or take the end for the end with --drain.");
        }
        if (report.get(CycleMetric.EXPORTS_UNCONFIRMED) > 0) {
            console.warn("the destination did not confirm every export; the next scan tries again");
        }
        if (report.get(CycleMetric.FILES_UNREADABLE) > 0) {
            console.warn("damaged data files were left out; they are listed in unreadable_files of the state database: "
                    + "repair or remove them, and backfill their time");
        }
        if (report.get(CycleMetric.ROWS_UNDECODABLE) > 0) {
            console.warn(
                    "rows without trace data were set aside; they are listed in dead_letters of the state database");
        }
    }
}
