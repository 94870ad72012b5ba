package dev.tailsampling.cli;

import dev.tailsampling.export.FileExporter;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.OutgoingSpans;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.trace.OutgoingTraceState;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The export of {@code tss decide}: holds all that was read until it is known what is kept. */
final class DecideExport {

    private final Path file;
    private final List<byte[]> held = new ArrayList<>();
    private final Map<TraceId, Kept> kept = new LinkedHashMap<>();

    /**
     * An export to a file, which is replaced when it is there.
     *
     * @throws UsageException if the file is one of the inputs
     */
    DecideExport(Path file, List<String> inputs) {
        this.file = file;
        refuseInput(file, inputs);
    }

    private static void refuseInput(Path file, List<String> inputs) {
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

    /** Holds a request that was read. */
    void hold(byte[] otlp) {
        held.add(otlp);
    }

    /** The trace is to be written, after those that were named before it. */
    void keep(TraceSummary summary, Decision decision) {
        kept.put(summary.traceId(), new Kept(summary, decision));
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

    /** Writes the kept traces. */
    void write() {
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
