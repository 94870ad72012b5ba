package dev.tailsampling.cli;

import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.TraceSelector;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tss scan --once}: samples what a table holds, and ends. */
@Command(name = "scan",
        description = {"Reads a table's new spans, decides the traces that went quiet, exports the kept ones.",
                "Runs cycles until nothing new is there, then prints a report."})
final class ScanCommand implements Callable<Integer> {

    @ParentCommand
    private Main main;

    @Mixin
    private TableOption table;

    @Mixin
    private PolicyOption policies;

    @Mixin
    private ExportOptions export;

    @Mixin
    private OutputOption output;

    @Option(names = "--once", description = "Ends when nothing new is left; run is the command that goes on.")
    private boolean once;

    @Option(names = "--drain", description = "Takes the end of the table for the end of every trace.")
    private boolean drain;

    @Override
    public Integer call() {
        if (!once) {
            throw new UsageException("scan ends when nothing new is left, say so by --once; tss run goes on");
        }
        try (Workspace workspace = main.openWorkspace();
                Session session = workspace.openSession(table.name(main), policies.load(main), export,
                        main.console())) {
            CycleReport report = scan(session);
            print(session, report);
            return report.get(CycleMetric.EXPORTS_UNCONFIRMED) == 0 ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private void print(Session session, CycleReport report) {
        ReportPrinter printer = new ReportPrinter(export.reportTo(main.console()));
        switch (output.format()) {
            case json -> printer.json(session, report);
            case text -> printer.text(session, report);
        }
        printer.hints(session, report);
    }

    private CycleReport scan(Session session) {
        TraceSelector selector = session.selector();
        selector.recover();
        CycleReport total = CycleReport.NONE;
        do {
            total = total.then(session.cycle());
        } while (!selector.caughtUp());
        return drain ? total.then(selector.drain()) : total;
    }
}
