package dev.tailsampling.cli;

import dev.tailsampling.assembly.CompletedTrace;
import dev.tailsampling.assembly.OpenTraces;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.selector.TraceFacts;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tss decide}: what a policy set would do with some traces, without any table. */
@Command(name = "decide", description = {"Decides the traces in OTLP JSON lines, without any table.",
        "Prints one JSON line per trace, sorted by trace id."})
final class DecideCommand implements Callable<Integer> {

    /** All input is there at once, so no trace is cut by time. */
    private static final QuietRule NO_TIMEOUT = new QuietRule(Long.MAX_VALUE, Long.MAX_VALUE);

    @ParentCommand
    private Main main;

    @Mixin
    private PolicyOption policyOption;

    @Option(names = "--input", paramLabel = "FILE", description = {
            "OTLP JSON lines, plain or gzip; \"-\" is standard input, the default.", "May be given several times."})
    private List<String> inputs = List.of("-");

    @Override
    public Integer call() {
        CompiledPolicies policies = CompiledPolicies.of(policyOption.load(main).set());
        OpenTraces open = new OpenTraces(NO_TIMEOUT, policies.folder());
        OtlpLines lines = new OtlpLines(main.console());
        OtlpSpans spans = new OtlpSpans();
        for (String input : inputs) {
            lines.read(input, otlp -> spans.forEach(otlp, 0, otlp.length, span -> open.fold(span, 0, 0)));
        }
        open.drain().stream().map(CompletedTrace::summary)
                .sorted(Comparator.comparing(summary -> summary.traceId()))
                .forEach(summary -> print(TraceFacts.of(summary, 0), policies.decide(summary)));
        main.console().out().flush();
        return lines.badLines() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private void print(TraceFacts trace, Decision decision) {
        JsonLines.print(main.console().out(), json -> DecisionJson.write(json, trace, decision));
    }
}
