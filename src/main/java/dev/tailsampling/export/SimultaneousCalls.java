package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.TraceExporter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Calls to several exporters at the same time. */
final class SimultaneousCalls {

    private SimultaneousCalls() {}

    /**
     * The outcome of each call, in the order of the calls, when all have ended. An interruption of the caller interrupts
     * them. What one of them throws is thrown when all have ended.
     */
    static Map<TraceExporter, ExportOutcome> of(Map<TraceExporter, Supplier<ExportOutcome>> calls) {
        Map<TraceExporter, ExportOutcome> outcomes = new LinkedHashMap<>();
        if (calls.size() == 1) {
            calls.forEach((exporter, call) -> outcomes.put(exporter, call.get()));
            return outcomes;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<TraceExporter, Future<ExportOutcome>> pending = new LinkedHashMap<>();
            calls.forEach((exporter, call) -> pending.put(exporter, threads.submit(call::get)));
            pending.forEach((exporter, outcome) -> outcomes.put(exporter, await(outcome, threads)));
        }
        return outcomes;
    }

    private static ExportOutcome await(Future<ExportOutcome> outcome, ExecutorService threads) {
        try {
            return outcome.get();
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            return new ExportOutcome.Unknown("interrupted while waiting for the outcome");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("an exporter has failed", e.getCause());
        }
    }
}
