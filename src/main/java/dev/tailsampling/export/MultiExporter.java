package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Sends everything to several destinations, one after the other. The worst outcome stands for all: unknown before
 * refused before exported; a batch that is sent again goes to all of them again. Not thread-safe.
 */
public final class MultiExporter implements TraceExporter {

    private final List<TraceExporter> exporters;

    /**
     * Closing this closes the exporters.
     *
     * @param exporters at least one
     */
    public MultiExporter(List<TraceExporter> exporters) {
        if (exporters.isEmpty()) {
            throw new IllegalArgumentException("there is nowhere to export to");
        }
        this.exporters = List.copyOf(exporters);
    }

    /** The names of all, "file+otlp_http". */
    @Override
    public String name() {
        return exporters.stream().map(TraceExporter::name).collect(Collectors.joining("+"));
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        return worst(exporter -> exporter.export(batch));
    }

    @Override
    public ExportOutcome flush() {
        return worst(TraceExporter::flush);
    }

    /** Asks every exporter, also after a failure. */
    private ExportOutcome worst(Function<TraceExporter, ExportOutcome> action) {
        List<String> unknown = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        long rejectedSpans = 0;
        for (TraceExporter exporter : exporters) {
            switch (action.apply(exporter)) {
                case ExportOutcome.Unknown outcome -> unknown.add(exporter.name() + ": " + outcome.reason());
                case ExportOutcome.Refused outcome -> refused.add(exporter.name() + ": " + outcome.reason());
                case ExportOutcome.Exported outcome -> {
                    // Not the sum: a span that two of them reject is still one span.
                    rejectedSpans = Math.max(rejectedSpans, outcome.rejectedSpans());
                    if (!outcome.message().isEmpty()) {
                        messages.add(exporter.name() + ": " + outcome.message());
                    }
                }
            }
        }
        if (!unknown.isEmpty()) {
            return new ExportOutcome.Unknown(String.join("; ", unknown));
        }
        return refused.isEmpty()
                ? new ExportOutcome.Exported(rejectedSpans, String.join("; ", messages))
                : new ExportOutcome.Refused(String.join("; ", refused));
    }

    /** Closes all, whatever one of them throws; the first failure is thrown at the end. */
    @Override
    public void close() {
        List<RuntimeException> failures = new ArrayList<>();
        for (TraceExporter exporter : exporters) {
            try {
                exporter.close();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.getFirst();
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }
}
