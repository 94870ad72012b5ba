package dev.tailsampling.cli;

import dev.tailsampling.config.Compat;
import dev.tailsampling.config.ParsedPolicies;
import dev.tailsampling.config.PolicyDialect;
import dev.tailsampling.config.PolicyDialect.Format;
import dev.tailsampling.config.PolicyFile;
import dev.tailsampling.config.PolicyWriter;
import dev.tailsampling.config.RefineryRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tss policies import}: another sampler's configuration as a policies file. */
@Command(name = "import",
        description = {"Writes another sampler's configuration as a policies file that decides alike.",
                "What decides differently all the same goes to standard error, one sentence each."})
final class PoliciesImportCommand implements Callable<Integer> {

    @ParentCommand
    private PoliciesCommand policies;

    /** Whose configuration. */
    enum Source {
        otel, refinery
    }

    @Option(names = "--from", required = true, paramLabel = "SOURCE", description = {
            "otel (a Collector's configuration or tail_sampling block) or refinery (a rules file)."})
    private Source source;

    @Option(names = "--compat", paramLabel = "MODE", converter = DialectOptions.CompatConverter.class, description = {
            "Whose meaning the Collector's policy types have: otel, otel-legacy (before 2026) or native",
            "(default: what the file says, else otel)."})
    private @Nullable Compat compat;

    @Option(names = "--environment", paramLabel = "NAME",
            description = "Environment of a Refinery rules file (default: __default__, else the only one).")
    private @Nullable String environment;

    @Option(names = "--output", paramLabel = "P.yaml", description = "File to write (default: standard output).")
    private @Nullable Path output;

    @Parameters(paramLabel = "FILE")
    private Path file;

    @Override
    public Integer call() {
        PolicyDialect dialect = switch (source) {
            case otel -> new PolicyDialect(Format.OTEL, compat, null);
            case refinery -> new PolicyDialect(Format.REFINERY, null, environment);
        };
        if (environment != null && source != Source.refinery) {
            throw new UsageException("--environment is for Refinery's rules files");
        }
        ParsedPolicies parsed = PolicyFile.read(file).as(dialect).parse();
        String text = "# Made by tss policies import --from " + source + " of " + file.getFileName() + ", version "
                + parsed.set().version() + ".\n" + PolicyWriter.yaml(parsed.set());
        write(text);
        Console console = policies.main().console();
        differences(parsed).forEach(difference -> console.say("difference: " + difference));
        return ExitCode.OK;
    }

    private List<String> differences(ParsedPolicies parsed) {
        return switch (source) {
            case otel -> parsed.warnings();
            case refinery ->
                Stream.concat(parsed.warnings().stream(), RefineryRules.differences().stream()).toList();
        };
    }

    private void write(String text) {
        if (output == null) {
            policies.main().console().out().print(text);
            policies.main().console().out().flush();
            return;
        }
        try {
            Files.writeString(output, text);
        } catch (IOException e) {
            throw Unwritable.of(output, e);
        }
    }
}
