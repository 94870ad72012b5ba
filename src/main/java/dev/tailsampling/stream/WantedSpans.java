package dev.tailsampling.stream;

import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.trace.TraceId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Spans of the traces of one batch of a fetch. A trace is delivered whole at the end, a large one in parts, and when the
 * memory runs out, the largest one that was collected. Not thread-safe.
 */
final class WantedSpans {

    private final Map<TraceId, Wanted> byId = new HashMap<>();
    private final long maxBytes;
    private final SpanFetcher.Receiver receiver;
    private final long firstArrivalMillis;
    private final long lastArrivalMillis;
    private long bytesInFlight;
    private int incomplete;

    WantedSpans(List<FetchRequest> requests, long maxBytes, SpanFetcher.Receiver receiver) {
        requests.forEach(request -> byId.put(request.traceId(), new Wanted(request)));
        this.maxBytes = maxBytes;
        this.receiver = receiver;
        this.firstArrivalMillis =
                requests.stream().mapToLong(FetchRequest::firstArrivalMillis).min().orElse(Long.MAX_VALUE);
        this.lastArrivalMillis =
                requests.stream().mapToLong(FetchRequest::lastArrivalMillis).max().orElse(Long.MIN_VALUE);
        this.incomplete = requests.size();
    }

    /** Whether all spans were found; never, if it is not known how many there are. */
    boolean areComplete() {
        return incomplete == 0;
    }

    /** Whether a record of this time may hold wanted spans. */
    boolean mayBeIn(long timestampMillis) {
        return timestampMillis >= firstArrivalMillis && timestampMillis <= lastArrivalMillis;
    }

    /** Takes the span if it is wanted from a record of this time and offset. */
    void offer(WireSpan span, long timestampMillis, long offset) {
        Wanted wanted = byId.get(new TraceId(span.traceIdHigh(), span.traceIdLow()));
        if (wanted == null || !wanted.isFrom(timestampMillis, offset)) {
            return;
        }
        if (wanted.spans.spanCount() > 0 && wanted.spans.size() + span.encodedSize() > SpanFetcher.PART_BYTES) {
            deliver(wanted);
        }
        long before = wanted.spans.size();
        wanted.spans.add(span);
        bytesInFlight += wanted.spans.size() - before;
        if (++wanted.found == wanted.request.spanCount()) {
            incomplete--;
        }
        while (bytesInFlight > maxBytes) {
            byId.values().stream().max(Comparator.comparingInt(each -> each.spans.size())).ifPresent(this::deliver);
        }
    }

    /** Delivers what was not delivered in parts. */
    void deliverAll() {
        byId.values().forEach(this::deliver);
    }

    private void deliver(Wanted wanted) {
        bytesInFlight -= wanted.spans.size();
        int spanCount = wanted.spans.spanCount();
        byte[] otlp = wanted.spans.take();
        if (otlp != null && receiver.wantsMore()) {
            receiver.spans(wanted.request.traceId(), otlp, spanCount);
        }
    }

    private static final class Wanted {

        private final FetchRequest request;
        private final Set<Integer> locations;
        private final TraceBytes spans = new TraceBytes();
        private int found;

        Wanted(FetchRequest request) {
            this.request = request;
            this.locations = new HashSet<>(request.locations());
        }

        /** Spans of the same trace that arrived before, or at another time, belong to another decision about it. */
        boolean isFrom(long timestampMillis, long offset) {
            return timestampMillis >= request.firstArrivalMillis() && timestampMillis <= request.lastArrivalMillis()
                    && offset >= request.firstOffset()
                    && (locations.isEmpty() || locations.contains(OffsetLocations.of(offset)));
        }
    }
}
