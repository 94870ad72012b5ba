package dev.tailsampling.selector;

import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.otlp.CompressedSpans;
import dev.tailsampling.otlp.SpanCompression;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run behaves.
 *
 * @param runId names the run in every decision
 * @param quiet when a trace is complete
 * @param exportBatchBytes about how many bytes of OTLP go to the exporter in one call, at least 1
 * @param spanCacheBytes how much memory may hold spans of open traces, in bytes; 0 for none
 * @param backfill mode of a backfill, null for the scanner
 * @param rememberFor how long decisions have to be remembered for late spans; null for ever
 * @param fencingToken of the {@link TableLease} under which the run decides, 0 if it needs none
 * @param hold what may be held in memory where spans are read as they come; then exports come before the record in the
 *     ledger, and nothing is read while one is not confirmed. Null where they are read from a table
 * @param spanCompression which similar spans of kept traces leave as one; null for none
 */
public record SelectorSettings(String runId, QuietRule quiet, long exportBatchBytes, long spanCacheBytes,
        @Nullable BackfillMode backfill, @Nullable Duration rememberFor, long fencingToken,
        @Nullable HoldLimits hold, @Nullable SpanCompression spanCompression) {

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
        if (fencingToken < 0) {
            throw new IllegalArgumentException("fencing tokens begin at 1: " + fencingToken);
        }
    }

    /** Settings without a lease, under which decisions are remembered for ever. */
    public SelectorSettings(String runId, QuietRule quiet, long exportBatchBytes, long spanCacheBytes,
            @Nullable BackfillMode backfill) {
        this(runId, quiet, exportBatchBytes, spanCacheBytes, backfill, null, 0, null, null);
    }

    /** Settings of the scanner. */
    public SelectorSettings(String runId, QuietRule quiet, long exportBatchBytes, long spanCacheBytes) {
        this(runId, quiet, exportBatchBytes, spanCacheBytes, null);
    }

    /** Settings of a scanner that reads the spans of kept traces again. */
    public SelectorSettings(String runId, QuietRule quiet, long exportBatchBytes) {
        this(runId, quiet, exportBatchBytes, 0);
    }

    /** These settings under a lease of that token. */
    public SelectorSettings withFencingToken(long token) {
        return new SelectorSettings(runId, quiet, exportBatchBytes, spanCacheBytes, backfill, rememberFor, token,
                hold, spanCompression);
    }

    /** These settings, with decisions remembered for so long only. */
    public SelectorSettings withRememberFor(Duration wanted) {
        return new SelectorSettings(runId, quiet, exportBatchBytes, spanCacheBytes, backfill, wanted, fencingToken,
                hold, spanCompression);
    }

    /** These settings for spans that are read as they come. */
    public SelectorSettings withHold(HoldLimits limits) {
        return new SelectorSettings(runId, quiet, exportBatchBytes, spanCacheBytes, backfill, rememberFor,
                fencingToken, limits, spanCompression);
    }

    /** These settings, with similar spans joined; null for none. */
    public SelectorSettings withSpanCompression(@Nullable SpanCompression wanted) {
        return new SelectorSettings(runId, quiet, exportBatchBytes, spanCacheBytes, backfill, rememberFor, fencingToken,
                hold, wanted);
    }

    /** How spans from this source leave. */
    OutgoingSpans outgoing(String source) {
        return new OutgoingSpans(spanCompression == null ? null : new CompressedSpans(spanCompression, source));
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
