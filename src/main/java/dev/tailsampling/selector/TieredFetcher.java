package dev.tailsampling.selector;

import dev.tailsampling.trace.TraceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the spans of one partition again: from the table that the topic is written to as far as that goes, and the rest
 * from the topic. So a decision need not wait for the table. Of traces that then are not whole the topic is asked for the
 * table's part, too, since rows of the table may be damaged or deleted. Not thread-safe.
 */
public final class TieredFetcher implements SpanFetcher {

    private final int partition;
    private final @Nullable PartitionFetcher table;
    private final PartitionFetcher topic;

    /**
     * Of one partition.
     *
     * @param table null if there is none
     */
    public TieredFetcher(int partition, @Nullable PartitionFetcher table, PartitionFetcher topic) {
        this.partition = partition;
        this.table = table;
        this.topic = topic;
    }

    @Override
    public void fetch(List<FetchRequest> requests, SourceOffsets until, Receiver receiver) {
        long end = until.of(partition);
        PartitionFetcher lake = table;
        long inTable = lake == null ? 0 : Math.min(end, lake.endOffsetExclusive(partition));
        Found found = new Found(receiver);
        if (lake != null && inTable > 0) {
            fetch(lake, requests, 0, inTable, end, found.inTable());
        }
        if (inTable < end && receiver.wantsMore()) {
            fetch(topic, requests, inTable, end, end, found);
        }
        List<FetchRequest> tooFew = inTable == 0 ? List.of() : found.tooFew(requests);
        if (!tooFew.isEmpty() && receiver.wantsMore()) {
            fetch(topic, tooFew, 0, inTable, end, found.besidesTable());
        }
    }

    private void fetch(PartitionFetcher from, List<FetchRequest> requests, long fromInclusive, long untilExclusive,
            long end, Receiver receiver) {
        List<FetchRequest> parts = requests.stream().filter(request -> touches(request, fromInclusive, untilExclusive))
                .map(request -> fromInclusive == 0 && untilExclusive == end ? request : request.ofUnknownCount())
                .toList();
        if (!parts.isEmpty()) {
            from.fetch(partition, parts, fromInclusive, untilExclusive, receiver);
        }
    }

    private static boolean touches(FetchRequest request, long fromInclusive, long untilExclusive) {
        return request.locations().isEmpty() || request.locations().stream()
                .anyMatch(location -> OffsetLocations.endOffsetExclusive(location) > fromInclusive
                        && OffsetLocations.firstOffset(location) < untilExclusive);
    }

    /** Passes on what is found, and counts it. */
    private static final class Found implements Receiver {

        private final Receiver receiver;
        private final Map<TraceId, Integer> spansByTrace = new HashMap<>();
        private final DistinctSpans ofTable = new DistinctSpans();

        Found(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void spans(TraceId traceId, byte[] otlp, int spanCount) {
            spansByTrace.merge(traceId, spanCount, Integer::sum);
            receiver.spans(traceId, otlp, spanCount);
        }

        @Override
        public boolean wantsMore() {
            return receiver.wantsMore();
        }

        /** For what the table has: it is remembered. */
        Receiver inTable() {
            return from((traceId, otlp, spanCount) -> {
                ofTable.forEachNew(otlp, span -> {});
                spans(traceId, otlp, spanCount);
            });
        }

        /** For what the topic has of the table's part: what the table had is left out. */
        Receiver besidesTable() {
            return from((traceId, otlp, spanCount) -> ofTable.passOn(traceId, otlp, spanCount, this));
        }

        private Receiver from(Receiver source) {
            return new Receiver() {
                @Override
                public void spans(TraceId traceId, byte[] otlp, int spanCount) {
                    source.spans(traceId, otlp, spanCount);
                }

                @Override
                public boolean wantsMore() {
                    return receiver.wantsMore();
                }
            };
        }

        /** Those that are not whole, but for what might come twice then. */
        List<FetchRequest> tooFew(List<FetchRequest> requests) {
            Map<TraceId, Integer> expected = new HashMap<>();
            requests.forEach(request -> expected.merge(request.traceId(), request.leastSpanCount(), Integer::sum));
            return requests.stream().filter(request -> {
                int found = spansByTrace.getOrDefault(request.traceId(), 0);
                return found < expected.getOrDefault(request.traceId(), 0) && (found == 0 || !ofTable.isForgetful());
            }).toList();
        }
    }
}
