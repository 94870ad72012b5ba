package dev.tailsampling.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tss load}: writes OTLP JSON lines to a table as AutoMQ Table Topic would. */
@Command(name = "load", description = {"Writes OTLP JSON lines to a table as AutoMQ Table Topic would.",
        "Lines are taken to arrive in their order; a record's timestamp is the latest span end so far."})
final class LoadCommand implements Callable<Integer> {

    @ParentCommand
    private Main main;

    @Mixin
    private TableOption table;

    @Mixin
    private TopicOptions topic;

    @Mixin
    private OutputOption output;

    @Option(names = "--commits", paramLabel = "N", defaultValue = "1", description = {
            "Spread the records over this many commits (default: ${DEFAULT-VALUE}).",
            "Lines are cut into smaller records if there are fewer lines than that."})
    private int commits;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = {
            "OTLP JSON lines, plain or gzip; \"-\" is standard input."})
    private List<String> files;

    @Override
    public Integer call() {
        if (commits < 1) {
            throw new UsageException("--commits must be at least 1: " + commits);
        }
        String name = table.name(main);
        OtlpLines lines = new OtlpLines(main.console());
        try (SpooledInputs inputs = SpooledInputs.of(files, commits);
                Workspace workspace = main.openWorkspace();
                TopicLoader loader = new TopicLoader(workspace.messageWriter(name, topic), topic, main.clock())) {
            LoadPlan plan = LoadPlan.of(inputs, commits, lines);
            try (Progress progress = new Progress(main.console(), main.clock(), "loading " + name, "spans",
                    plan.spans())) {
                plan.run(inputs, lines, request -> progress.add(loader.add(request)), loader::commitMore);
            }
            loader.finish();
            report(main.console(), output.format(), name, loader.loaded(), lines.badLines());
        }
        return lines.badLines() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    /** Says what was written. */
    static void report(Console console, OutputFormat format, String table, TopicLoader.Loaded loaded, long badLines) {
        switch (format) {
            case json -> JsonLines.print(console.out(), json -> {
                json.writeStringField("table", table);
                json.writeNumberField("spans", loaded.spans());
                json.writeNumberField("records", loaded.records());
                json.writeNumberField("commits", loaded.commits());
                json.writeNumberField("bad_lines", badLines);
            });
            case text -> console.out().printf(Locale.ROOT, "Loaded %,d spans in %,d records and %,d commits into %s.%n",
                    loaded.spans(), loaded.records(), loaded.commits(), table);
        }
        console.out().flush();
    }
}
