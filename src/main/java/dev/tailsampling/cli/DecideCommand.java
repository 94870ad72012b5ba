package dev.tailsampling.cli;

import dev.tailsampling.export.FileExporter;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.SpanEvidence;
import dev.tailsampling.policy.SpanFolder;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.OutgoingSpans;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceFacts;
import dev.tailsampling.trace.OutgoingTraceState;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        if (exportFile != null) {
            refuseInputAsExport(exportFile);
        }
        ArrivalTime arrival = new ArrivalTime(arrivalAttribute);
        List<byte[]> held = new ArrayList<>();
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
                if (exportFile != null) {
                    held.add(otlp);
                }
            });
        }
        benches.forEach(bench -> decide(bench, held));
        main.console().out().flush();
        return lines.badLines() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private void refuseInputAsExport(Path file) {
        for (String input : inputs) {
            if (!input.equals("-") && isSameFile(Path.of(input), file)) {
                throw new UsageException("--export would replace the input " + input + ": name another file");
            }
        }
    }

    private static boolean isSameFile(Path one, Path other) {
        try {
            return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            throw new CommandException("cannot read " + one + ": " + e.getMessage());
        }
    }

    private void decide(Bench bench, List<byte[]> held) {
        List<TraceSummary> summaries = List.copyOf(bench.traces.values());
        List<Decision> decisions = bench.decide(summaries);
        Map<TraceId, Kept> kept = new LinkedHashMap<>();
        IntStream.range(0, summaries.size()).boxed().sorted(Comparator.comparing(i -> summaries.get(i).traceId()))
                .forEach(i -> {
                    print(bench, summaries.get(i), decisions.get(i));
                    if (decisions.get(i).outcome() == Outcome.SAMPLED) {
                        kept.put(summaries.get(i).traceId(), new Kept(summaries.get(i), decisions.get(i)));
                    }
                });
        if (exportFile != null) {
            export(exportFile, kept, held);
        }
    }

    /** A trace to be exported, with its spans as they are collected. */
    private record Kept(TraceSummary summary, Decision decision, TraceBytes spans) {

        Kept(TraceSummary summary, Decision decision) {
            this(summary, decision, new TraceBytes());
        }

        SampledTrace leaving(OutgoingSpans outgoing) {
            int spanCount = spans.spanCount();
            byte[] otlp = outgoing.of(Objects.requireNonNull(spans.take()),
                    new OutgoingTraceState(summary.randomness(), decision.threshold()));
            return new SampledTrace(summary.traceId(), otlp, spanCount,
                    Objects.requireNonNullElse(decision.policy(), ""), decision.threshold());
        }
    }

    private void print(Bench bench, TraceSummary summary, Decision decision) {
        JsonLines.print(main.console().out(), json -> {
            DecisionJson.write(json, TraceFacts.of(summary, 0), decision);
            if (explain) {
                ExplanationPrinter.writeJson(json, bench.compiled.explain(
                        Objects.requireNonNull(bench.evidence.get(summary.traceId())), summary, decision));
            }
            if (bench.policies.file() != null) {
                json.writeStringField("policies_file", bench.policies.file());
            }
        });
    }

    /** In the order of the trace ids; a file that is there is replaced. */
    private static void export(Path file, Map<TraceId, Kept> kept, List<byte[]> held) {
        OtlpSpans spans = new OtlpSpans();
        for (byte[] otlp : held) {
            spans.forEach(otlp, 0, otlp.length, span -> {
                Kept trace = kept.get(span.traceId());
                if (trace != null) {
                    trace.spans().add(span);
                }
            });
        }
        clear(file);
        OutgoingSpans outgoing = new OutgoingSpans();
        try (FileExporter exporter = new FileExporter(file)) {
            kept.values().forEach(trace -> confirm(file, exporter.export(List.of(trace.leaving(outgoing)))));
            confirm(file, exporter.flush());
        }
    }

    /** So that there is a file even if nothing is kept. */
    private static void clear(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            throw Unwritable.of(file, e);
        }
    }

    private static void confirm(Path file, ExportOutcome outcome) {
        switch (outcome) {
            case ExportOutcome.Exported exported when exported.rejectedSpans() == 0 -> {
                // All is written.
            }
            case ExportOutcome.Exported exported -> throw new CommandException(exported.message());
            case ExportOutcome.Refused refused -> throw new CommandException(refused.reason());
            case ExportOutcome.Unknown unknown ->
                throw new CommandException("cannot write " + file + ": " + unknown.reason());
        }
    }
}
