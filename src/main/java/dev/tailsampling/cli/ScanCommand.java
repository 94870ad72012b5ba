package dev.tailsampling.cli;

import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SpanObserver;
import dev.tailsampling.selector.TableLease;
import dev.tailsampling.selector.TraceSelector;
import java.io.UncheckedIOException;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tss scan --once}: samples what tables hold, one table after the other, and ends. */
@Command(name = "scan",
        description = {"Reads new spans of tables, decides the traces that went quiet, exports the kept ones.",
                "Runs cycles until nothing new is there, then prints a report for each table."})
final class ScanCommand implements Callable<Integer> {

    @ParentCommand
    private Main main;

    @Mixin
    private TablesOption tables;

    @Mixin
    private PolicyOption policies;

    @Mixin
    private ExportOptions export;

    @Mixin
    private OutputOption output;

    @Option(names = "--once", description = "Ends when nothing new is left; run is the command that goes on.")
    private boolean once;

    @Option(names = "--drain", description = "Takes the end of a table for the end of every trace.")
    private boolean drain;

    @Override
    public Integer call() {
        if (!once) {
            throw new UsageException("scan ends when nothing new is left, say so by --once; tss run goes on");
        }
        SampledTables sampled = tables.sampled(main);
        LoadedPolicies loaded = policies.load(main);
        try (Workspace workspace = main.openWorkspace()) {
            SortedSet<String> names = sampled.names(workspace);
            if (names.isEmpty()) {
                throw new CommandException("no table matches " + sampled + ": check the pattern and the catalog");
            }
            if (names.size() == 1) {
                return scan(workspace, names.getFirst(), loaded);
            }
            return names.stream().mapToInt(name -> scanAmongOthers(workspace, name, loaded)).max().orElseThrow();
        }
    }

    /** The failure of one table is no reason not to scan the others. */
    private int scanAmongOthers(Workspace workspace, String table, LoadedPolicies loaded) {
        try {
            return scan(workspace, table, loaded);
        } catch (UncheckedIOException | SourceException | ConcurrentCycleException | CommandException e) {
            main.console().say("error: " + table + " was not scanned: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private int scan(Workspace workspace, String table, LoadedPolicies loaded) {
        try (TableLease lease = lease(workspace, table);
                LiveRules rules = LiveRules.start(workspace);
                Session session = Session.open(workspace, new Session.Plan(table, lease.token(),
                        new LivePolicies(() -> loaded, rules::now, workspace.state()), MemoryShare.SINGLE_SCAN,
                        SpanObserver.NONE), export,
                        main.console())) {
            CycleReport report = scan(session);
            print(session, report);
            return report.get(CycleMetric.EXPORTS_UNCONFIRMED) == 0 ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private static TableLease lease(Workspace workspace, String table) {
        return workspace.lease(table).orElseThrow(() -> new CommandException("another instance samples " + table
                + " at the moment: stop it, or let it do the work"));
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
