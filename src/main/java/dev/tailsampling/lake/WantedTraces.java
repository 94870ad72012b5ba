package dev.tailsampling.lake;

import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.trace.TraceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The traces of one batch of a fetch, collecting their spans. A trace is delivered whole when the batch ends; when the
 * memory for that runs out, in parts as it is read. Not thread-safe.
 */
final class WantedTraces {

    /** Files are mostly passed over when less than one in so many of their bytes is wanted. */
    private static final int MOSTLY_SKIPPED = 50;

    private final Map<TraceId, Wanted> byId = new HashMap<>();
    private final TraceIdFilter filter;
    private final long maxBytes;
    private final int partBytes;
    private final SpanFetcher.Receiver receiver;
    private long bytesInFlight;
    private int incomplete;

    WantedTraces(List<FetchRequest> requests, long maxBytes, int partBytes, SpanFetcher.Receiver receiver) {
        filter = new TraceIdFilter(requests.size());
        requests.forEach(request -> {
            byId.put(request.traceId(), new Wanted(request));
            filter.add(request.traceId().high(), request.traceId().low());
        });
        this.incomplete = byId.size();
        this.maxBytes = maxBytes;
        this.partBytes = partBytes;
        this.receiver = receiver;
    }

    /** The requests' state. */
    Collection<Wanted> all() {
        return byId.values();
    }

    /** The traces that are looked for in all files of their time. */
    List<TraceId> anywhere() {
        return byId.values().stream().filter(Wanted::isAnywhere).map(wanted -> wanted.request.traceId()).toList();
    }

    /** Ids of all of them. */
    List<TraceId> traceIds() {
        return List.copyOf(byId.keySet());
    }

    /** Where little of some files is wanted, most of their pages are passed over, and nothing is worth loading ahead. */
    boolean isMuchOf(List<PlannedFile> files) {
        long bytes = files.stream().mapToLong(PlannedFile::sizeInBytes).sum();
        return byId.values().stream().mapToLong(wanted -> wanted.request.byteCount()).sum() > bytes / MOSTLY_SKIPPED;
    }

    /** For how many traces some spans may still be missing. */
    int incomplete() {
        return incomplete;
    }

    /** Whether spans of this trace are wanted from some place. */
    boolean has(long traceIdHigh, long traceIdLow) {
        return filter.mayHave(traceIdHigh, traceIdLow) && byId.containsKey(new TraceId(traceIdHigh, traceIdLow));
    }

    /** Whether spans of this trace are wanted from this place. */
    boolean isWanted(long traceIdHigh, long traceIdLow, long timestampMillis, int location) {
        Wanted wanted = wanted(traceIdHigh, traceIdLow);
        return wanted != null && wanted.isFrom(timestampMillis, location);
    }

    /** Whether spans of this trace are wanted from the record at this offset, where locations are stretches of offsets. */
    boolean isWantedAt(long traceIdHigh, long traceIdLow, long timestampMillis, long offset) {
        Wanted wanted = wanted(traceIdHigh, traceIdLow);
        return wanted != null && offset >= wanted.request.firstOffset()
                && wanted.isFrom(timestampMillis, OffsetLocations.of(offset));
    }

    private @Nullable Wanted wanted(long traceIdHigh, long traceIdLow) {
        return filter.mayHave(traceIdHigh, traceIdLow) ? byId.get(new TraceId(traceIdHigh, traceIdLow)) : null;
    }

    /** When the spans arrived that are wanted from this place: rows of other times need not be looked at. */
    PlannedFile.Bounds arrivals(int location) {
        return arrivals(wanted -> wanted.isFrom(location));
    }

    /** When the spans of some traces arrived. */
    PlannedFile.Bounds arrivals(Predicate<Wanted> ofTraces) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Wanted wanted : byId.values()) {
            if (ofTraces.test(wanted)) {
                first = Math.min(first, wanted.request.firstArrivalMillis());
                last = Math.max(last, wanted.request.lastArrivalMillis());
            }
        }
        return new PlannedFile.Bounds(first, last);
    }

    /** The same, where a span that may be anywhere is not wanted from a place that has a number. */
    boolean isWantedOnly(long traceIdHigh, long traceIdLow, long timestampMillis, int location) {
        Wanted wanted = byId.get(new TraceId(traceIdHigh, traceIdLow));
        return wanted != null && wanted.isAnywhere() == location < 0 && wanted.isFrom(timestampMillis, location);
    }

    /** Forgets what was collected of the traces that may be anywhere, but for the parts that were delivered. */
    void startOverAnywhere() {
        byId.values().stream().filter(Wanted::isAnywhere).forEach(wanted -> {
            bytesInFlight -= wanted.spans.size();
            wanted.spans.take();
            incomplete += wanted.isComplete() ? 1 : 0;
            wanted.found = 0;
        });
    }

    /** Takes a span of a wanted trace. */
    void add(WireSpan span) {
        Wanted wanted = byId.get(new TraceId(span.traceIdHigh(), span.traceIdLow()));
        if (wanted == null) {
            throw new IllegalStateException("nobody wants trace " + span.traceId());
        }
        TraceBytes spans = wanted.spans;
        if (spans.spanCount() > 0 && mustNotGrow(wanted, span.encodedSize())) {
            deliver(wanted);
        }
        long before = spans.size();
        spans.add(span);
        wanted.found++;
        incomplete -= wanted.hasBecomeComplete() ? 1 : 0;
        bytesInFlight += spans.size() - before;
    }

    private boolean mustNotGrow(Wanted wanted, int spanBytes) {
        boolean large = wanted.request.byteCount() > maxBytes || bytesInFlight + spanBytes > maxBytes;
        return large && (wanted.spans.size() + spanBytes > partBytes || bytesInFlight > 2 * maxBytes);
    }

    private void deliver(Wanted wanted) {
        bytesInFlight -= wanted.spans.size();
        int spanCount = wanted.spans.spanCount();
        byte[] otlp = wanted.spans.take();
        if (otlp != null && receiver.wantsMore()) {
            receiver.spans(wanted.request.traceId(), otlp, spanCount);
        }
    }

    /** Delivers what was not delivered in parts. */
    void deliverAll() {
        byId.values().forEach(this::deliver);
    }

    /** One request with the spans collected for it. */
    static final class Wanted {

        private final FetchRequest request;
        private final Set<Integer> locations;
        private final TraceBytes spans = new TraceBytes();
        private boolean anywhere;
        private int found;

        private Wanted(FetchRequest request) {
            this.request = request;
            this.locations = new HashSet<>(request.locations());
            this.anywhere = locations.isEmpty();
        }

        /** Whether the trace's spans are looked for in all files of its time. */
        boolean isAnywhere() {
            return anywhere;
        }

        /** From now on the trace's spans may come from any file: some of its own is not to be had. */
        void lookAnywhere() {
            anywhere = true;
        }

        /** Whether all its spans were found, as far as their number is known. */
        boolean isComplete() {
            return request.spanCount() > 0 && found >= request.spanCount();
        }

        private boolean hasBecomeComplete() {
            return request.spanCount() > 0 && found == request.spanCount();
        }

        Set<Integer> locations() {
            return locations;
        }

        /** Whether a file with records of these times may hold its spans. */
        boolean mayBeIn(PlannedFile file) {
            return file.timestamps().overlap(request.firstArrivalMillis(), request.lastArrivalMillis());
        }

        /** Spans of the same trace that arrived at another time belong to another decision about it. */
        private boolean isFrom(long timestampMillis, int location) {
            return timestampMillis >= request.firstArrivalMillis() && timestampMillis <= request.lastArrivalMillis()
                    && isFrom(location);
        }

        private boolean isFrom(int location) {
            return anywhere || locations.contains(location);
        }
    }
}
