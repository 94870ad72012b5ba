package dev.tailsampling.selector;

import dev.tailsampling.assembly.QuietRule;

/**
 * How a run behaves.
 *
 * @param runId names the run in every decision
 * @param quiet when a trace is complete
 * @param exportBatchBytes about how many bytes of OTLP go to the exporter in one call, at least 1
 * @param spanCacheBytes how much memory may hold spans of open traces, in bytes; 0 for none
 */
public record SelectorSettings(String runId, QuietRule quiet, long exportBatchBytes, long spanCacheBytes) {

    public SelectorSettings {
        if (runId.isBlank()) {
            throw new IllegalArgumentException("a run needs an id");
        }
        if (exportBatchBytes < 1) {
            throw new IllegalArgumentException("export batches must be of at least 1 byte: " + exportBatchBytes);
        }
        if (spanCacheBytes < 0) {
            throw new IllegalArgumentException("a span cache cannot hold " + spanCacheBytes + " bytes");
        }
    }

    /** A run that reads the spans of kept traces again. */
    public SelectorSettings(String runId, QuietRule quiet, long exportBatchBytes) {
        this(runId, quiet, exportBatchBytes, 0);
    }
}
