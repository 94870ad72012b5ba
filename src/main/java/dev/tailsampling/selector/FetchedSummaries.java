package dev.tailsampling.selector;

import dev.tailsampling.policy.SpanFolder;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.TraceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds the spans of traces that were handed over again, as other policies look at other things. A span that is stored
 * twice is folded once. Not thread-safe.
 */
final class FetchedSummaries {

    private final SpanFolder folder;
    private final List<TraceSummary> handedOver;
    private final Map<TraceId, TraceSummary> fresh = new LinkedHashMap<>();
    private final DistinctSpans spans = new DistinctSpans();

    FetchedSummaries(SpanFolder folder, List<TraceSummary> handedOver) {
        this.folder = folder;
        this.handedOver = handedOver;
    }

    /** Summaries of the same traces; spans that are gone for good are missing in them. */
    List<TraceSummary> fold(SpanFetcher fetcher, SourceOffsets until) {
        for (TraceSummary trace : handedOver) {
            TraceSummary summary = new TraceSummary(trace.traceIdHigh(), trace.traceIdLow());
            summary.arrivedAs(trace);
            fresh.put(trace.traceId(), summary);
        }
        fetcher.fetch(handedOver.stream().map(FetchedSummaries::request).toList(), until,
                (traceId, otlp, spanCount) -> fold(traceId, otlp));
        return List.copyOf(fresh.values());
    }

    /** Duplicates that came before it was handed over were not counted. */
    private static FetchRequest request(TraceSummary trace) {
        return FetchRequest.of(trace, FetchRequest.UNKNOWN_SPAN_COUNT);
    }

    private void fold(TraceId traceId, byte[] otlp) {
        TraceSummary summary = fresh.get(traceId);
        if (summary == null) {
            throw new IllegalStateException("the fetcher brought a trace that nobody asked for: " + traceId);
        }
        spans.forEachNew(otlp, span -> folder.fold(summary, span));
    }
}
