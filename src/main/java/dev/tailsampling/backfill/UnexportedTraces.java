package dev.tailsampling.backfill;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.trace.TraceId;
import java.util.List;
import java.util.Set;

/** Fetches the whole spans of kept traces, but of those that were exported before. Not thread-safe. */
final class UnexportedTraces implements SpanFetcher {

    private final SpanHistory history;
    private final ExportedBefore exportedBefore;
    private long leftOut;

    UnexportedTraces(SpanHistory history, ExportedBefore exportedBefore) {
        this.history = history;
        this.exportedBefore = exportedBefore;
    }

    @Override
    public void fetch(List<FetchRequest> requests, SourceOffsets until, Receiver receiver) {
        Set<TraceId> exported = exportedBefore.among(requests);
        leftOut += exported.size();
        List<FetchRequest> rest =
                requests.stream().filter(request -> !exported.contains(request.traceId())).toList();
        if (!rest.isEmpty()) {
            history.fetch(rest, until.of(0), receiver);
        }
    }

    /** How many traces were left out so far. */
    long leftOut() {
        return leftOut;
    }
}
