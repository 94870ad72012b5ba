package dev.tailsampling.selector;

import dev.tailsampling.assembly.QuietRule;
import org.jspecify.annotations.Nullable;

/**
 * How a run behaves.
 *
 * @param runId names the run in every decision
 * @param quiet when a trace is complete
 * @param exportBatchBytes about how many bytes of OTLP go to the exporter in one call, at least 1
 * @param backfill mode of a backfill, null for the scanner
 */
public record SelectorSettings(String runId, QuietRule quiet, long exportBatchBytes, @Nullable BackfillMode backfill) {

    public SelectorSettings {
        if (runId.isBlank()) {
            throw new IllegalArgumentException("a run needs an id");
        }
        if (exportBatchBytes < 1) {
            throw new IllegalArgumentException("export batches must be of at least 1 byte: " + exportBatchBytes);
        }
    }

    /** Settings of the scanner. */
    public SelectorSettings(String runId, QuietRule quiet, long exportBatchBytes) {
        this(runId, quiet, exportBatchBytes, null);
    }

    /** A backfill's cycle is a slice, and the ledger says how many of them are done. */
    boolean recordsEveryCycle() {
        return backfill != null;
    }

    /** Under which the cycles on a source are recorded. */
    LedgerKey key(String source) {
        return new LedgerKey(source, backfill == null ? null : runId);
    }
}
