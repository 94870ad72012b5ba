package dev.tailsampling.cli;

import dev.tailsampling.admin.DecisionJson;
import dev.tailsampling.admin.ExplanationJson;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.SpanEvidence;
import dev.tailsampling.policy.SpanFolder;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.TraceFacts;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tss decide}: what policy sets would do with some traces, without any table. */
@Command(name = "decide", description = {"Decides the traces in OTLP JSON lines, without any table.",
        "Prints one JSON line per trace, sorted by trace id; with several policies files, for each file in turn.",
        "Budgets and rates by key see the traces in the order of their arrival."})
final class DecideCommand implements Callable<Integer> {

    @ParentCommand
    private Main main;

    @Option(names = "--policies", paramLabel = "P.yaml", arity = "1..*", description = {
            "Policies: {policies: [...]}, a Collector tail_sampling block, Refinery rules, or a sampling: block;",
            "by default those of the configuration. Several may be given."})
    private List<Path> policyFiles = List.of();

    @Mixin
    private DialectOptions dialect;

    @Option(names = "--input", paramLabel = "FILE", arity = "1..*", description = {
            "OTLP JSON lines, plain or gzip; \"-\" is standard input, the default.", "Several may be given."})
    private List<String> inputs = List.of("-");

    @Option(names = "--arrival-attribute", paramLabel = "KEY", description = {
            "Attribute of spans or resources with the time of arrival: a number of milliseconds since the epoch",
            "(from 10^14 on microseconds, from 10^17 on nanoseconds) or an ISO 8601 text.",
            "Without it, and where it is missing, a span arrives when it ends."})
    private @Nullable String arrivalAttribute;

    @Option(names = "--export", paramLabel = "FILE", description = {
            "Writes the spans of the kept traces there, as OTLP JSON lines with the tracestate they leave with."})
    private @Nullable Path exportFile;

    @Option(names = "--explain", description = {
            "Adds to each line why: every policy's vote, and the spans and values that caused it."})
    private boolean explain;

    /** A policies file with what it makes of the traces. */
    private static final class Bench {
        private final PolicyOption.Named policies;
        private final CompiledPolicies compiled;
        private final SpanFolder folder;
        private final Map<TraceId, TraceSummary> traces = new LinkedHashMap<>();
        private final Map<TraceId, SpanEvidence> evidence = new HashMap<>();

        Bench(PolicyOption.Named policies) {
            this.policies = policies;
            this.compiled = CompiledPolicies.of(policies.set());
            this.folder = compiled.folder();
        }

        void fold(SpanView span, long arrivalMillis) {
            TraceSummary summary = traces.computeIfAbsent(span.traceId(),
                    id -> new TraceSummary(id.high(), id.low()));
            folder.fold(summary, span);
            summary.arrived(arrivalMillis, 0);
        }

        void keepEvidence(SpanView span) {
            evidence.computeIfAbsent(span.traceId(), id -> compiled.evidence()).add(span);
        }

        List<Decision> decide(List<TraceSummary> summaries) {
            return new PolicyDecider(compiled).decide(summaries.stream()
                    .map(summary -> new PolicyDecider.Candidate(summary, summary.lastArrivalMillis())).toList());
        }
    }

    @Override
    public Integer call() {
        List<Bench> benches =
                PolicyOption.load(main, policyFiles, dialect.dialect()).stream().map(Bench::new).toList();
        if (exportFile != null && benches.size() > 1) {
            throw new UsageException("--export needs one policies file, not " + benches.size());
        }
        ArrivalTime arrival = new ArrivalTime(arrivalAttribute);
        DecideExport export = exportFile == null ? null : new DecideExport(exportFile, inputs);
        OtlpLines lines = new OtlpLines(main.console());
        OtlpSpans spans = new OtlpSpans();
        for (String input : inputs) {
            lines.read(input, otlp -> {
                spans.forEach(otlp, 0, otlp.length, span -> {
                    long arrivalMillis = arrival.millis(span);
                    benches.forEach(bench -> bench.fold(span, arrivalMillis));
                    if (explain) {
                        benches.forEach(bench -> bench.keepEvidence(span));
                    }
                });
                if (export != null) {
                    export.hold(otlp);
                }
            });
        }
        benches.forEach(bench -> decide(bench, export));
        main.console().out().flush();
        return lines.badLines() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private void decide(Bench bench, @Nullable DecideExport export) {
        List<TraceSummary> summaries = List.copyOf(bench.traces.values());
        List<Decision> decisions = bench.decide(summaries);
        IntStream.range(0, summaries.size()).boxed().sorted(Comparator.comparing(i -> summaries.get(i).traceId()))
                .forEach(i -> {
                    print(bench, summaries.get(i), decisions.get(i));
                    if (export != null && decisions.get(i).outcome() == Outcome.SAMPLED) {
                        export.keep(summaries.get(i), decisions.get(i));
                    }
                });
        if (export != null) {
            export.write();
        }
    }

    private void print(Bench bench, TraceSummary summary, Decision decision) {
        JsonLines.print(main.console().out(), json -> {
            DecisionJson.write(json, TraceFacts.of(summary, 0), decision);
            if (explain) {
                ExplanationJson.write(json, bench.compiled.explain(
                        Objects.requireNonNull(bench.evidence.get(summary.traceId())), summary, decision));
            }
            if (bench.policies.file() != null) {
                json.writeStringField("policies_file", bench.policies.file());
            }
        });
    }
}
