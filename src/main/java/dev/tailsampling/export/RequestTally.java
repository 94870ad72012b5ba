package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the answers to the requests of one batch. When some requests were taken and others refused, the batch is
 * exported with the spans of the refused ones rejected: so every span is counted as what it became. Not thread-safe.
 */
final class RequestTally {

    private final Set<String> messages = new LinkedHashSet<>();
    private long rejectedSpans;
    private int taken;
    private @Nullable String refusal;

    void taken(PartialSuccess partialSuccess) {
        taken++;
        rejectedSpans += partialSuccess.rejectedSpans();
        if (!partialSuccess.message().isEmpty()) {
            messages.add(partialSuccess.message());
        }
    }

    void refused(OutgoingRequest<?> request, String reason) {
        rejectedSpans += request.spanCount();
        messages.add(reason);
        refusal = refusal == null ? reason : refusal;
    }

    /** Spans that were not even sent. */
    void leftOut(long spans, String reason) {
        rejectedSpans += spans;
        messages.add(reason);
    }

    ExportOutcome outcome() {
        return refusal != null && taken == 0
                ? new ExportOutcome.Refused(refusal)
                : new ExportOutcome.Exported(rejectedSpans, String.join("; ", messages));
    }
}
