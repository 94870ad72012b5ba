package dev.tailsampling.selector;

import dev.tailsampling.assembly.QuietRule;

/**
 * How a run behaves.
 *
 * @param runId names the run in every decision
 * @param quiet when a trace is complete
 * @param exportBatchBytes about how many bytes of OTLP go to the exporter in one call, at least 1
 */
public record SelectorSettings(String runId, QuietRule quiet, long exportBatchBytes) {

    public SelectorSettings {
        if (runId.isBlank()) {
            throw new IllegalArgumentException("a run needs an id");
        }
        if (exportBatchBytes < 1) {
            throw new IllegalArgumentException("export batches must be of at least 1 byte: " + exportBatchBytes);
        }
    }
}
