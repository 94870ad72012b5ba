package dev.tailsampling.selector;

import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Puts requests into batches of which each fits into memory. */
public final class FetchBatches {

    private FetchBatches() {}

    /** Batches in which each trace is once; of more than about so many bytes only where one request is. */
    public static List<List<FetchRequest>> of(List<FetchRequest> requests, long maxBytes) {
        Map<TraceId, FetchRequest> byTrace = new LinkedHashMap<>();
        requests.forEach(request -> byTrace.merge(request.traceId(), request, FetchBatches::union));
        return batches(byTrace.values(), maxBytes);
    }

    /** What two requests for the same trace ask for together; not knowing the places of one is knowing those of none. */
    private static FetchRequest union(FetchRequest one, FetchRequest other) {
        Set<Integer> both = new TreeSet<>(one.locations());
        both.addAll(other.locations());
        boolean known = !one.locations().isEmpty() && !other.locations().isEmpty();
        return new FetchRequest(one.traceId(), known ? List.copyOf(both) : List.of(),
                Math.min(one.firstArrivalMillis(), other.firstArrivalMillis()),
                Math.max(one.lastArrivalMillis(), other.lastArrivalMillis()), FetchRequest.UNKNOWN_SPAN_COUNT,
                one.byteCount() + other.byteCount());
    }

    /** Neighbouring traces share places, so the requests are ordered by their first place, then by arrival. */
    private static List<List<FetchRequest>> batches(Collection<FetchRequest> requests, long maxBytes) {
        List<FetchRequest> ordered = new ArrayList<>(requests);
        ordered.sort(Comparator.comparingInt(FetchBatches::firstLocation)
                .thenComparingLong(FetchRequest::firstArrivalMillis));
        List<List<FetchRequest>> batches = new ArrayList<>();
        List<FetchRequest> batch = new ArrayList<>();
        long bytes = 0;
        for (FetchRequest request : ordered) {
            if (!batch.isEmpty() && bytes + request.byteCount() > maxBytes) {
                batches.add(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(request);
            bytes += request.byteCount();
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    private static int firstLocation(FetchRequest request) {
        return request.locations().stream().mapToInt(Integer::intValue).min().orElse(Integer.MAX_VALUE);
    }
}
