package dev.tailsampling.cli;

import dev.tailsampling.config.LintFinding;
import dev.tailsampling.config.LintFinding.Severity;
import dev.tailsampling.config.PolicyFile;
import dev.tailsampling.config.PolicyLint;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tss policies lint}: what in a policies file is known to surprise. */
@Command(name = "lint", description = {
        "Finds what in a policies file is known to surprise: settings without effect, values that mean another thing",
        "than they seem to, policies that never decide. Takes Refinery's rules files (YAML), too.",
        "Exit codes: 0 no warnings, 1 warnings, 2 the file cannot be used."})
final class PoliciesLintCommand implements Callable<Integer> {

    @ParentCommand
    private PoliciesCommand policies;

    @Mixin
    private OutputOption output;

    @Mixin
    private DialectOptions dialect;

    @Option(names = "--strict", description = "Hints count as warnings.")
    private boolean strict;

    @Parameters(paramLabel = "FILE", description = "Policies, as for --policies; or Refinery's rules.")
    private Path path;

    @Override
    public Integer call() {
        List<LintFinding> findings = PolicyLint.of(PolicyFile.read(path).as(dialect.dialect()));
        findings.forEach(this::print);
        policies.main().console().out().flush();
        return findings.stream().anyMatch(finding -> strict || finding.severity() == Severity.WARNING)
                ? ExitCode.FAILED
                : ExitCode.OK;
    }

    private void print(LintFinding finding) {
        if (output.format() == OutputFormat.text) {
            policies.main().console().out().println(finding);
            return;
        }
        JsonLines.print(policies.main().console().out(), json -> {
            json.writeStringField("file", finding.file());
            json.writeNumberField("line", finding.line());
            json.writeNumberField("column", finding.column());
            json.writeStringField("severity", finding.severity().label());
            json.writeStringField("code", finding.code());
            json.writeStringField("message", finding.sentence());
        });
    }
}
