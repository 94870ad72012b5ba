package dev.tailsampling.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tss backfill}: decides the traces of a past range. */
@Command(name = "backfill", description = {
        "Decides the traces of a past range of a table: those whose first span arrived in it. Spans that arrived",
        "before it, or after it as far as quietness needs them, are read too. It may run while the table is scanned.",
        "A run that was killed goes on with the same --run-id, and ends as if it had not been."})
final class BackfillCommand implements Callable<Integer> {

    @ParentCommand
    private Main main;

    @Mixin
    private TableOption table;

    @Mixin
    private BackfillOptions options;

    @Mixin
    private PolicyOption policies;

    @Option(names = "--with-rules", description = {
            "Puts the force rules of now before the policies. By default they do not apply to the past."})
    private boolean withRules;

    @Mixin
    private ExportOptions export;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        String name = table.name(main);
        try (Workspace workspace = main.openWorkspace();
                BackfillSession session = BackfillSession.open(workspace, main, options, name,
                        policies.load(main), withRules, export)) {
            boolean ended = session.run();
            BackfillPrinter printer = new BackfillPrinter(export.reportTo(main.console()));
            switch (output.format()) {
                case json -> printer.json(session, ended);
                case text -> printer.text(session);
            }
            printer.hints(session, ended);
            return ended ? ExitCode.OK : ExitCode.FAILED;
        }
    }
}
