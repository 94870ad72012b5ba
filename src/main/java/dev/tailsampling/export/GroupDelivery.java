package dev.tailsampling.export;

import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.trace.TraceId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How far a group of batches has come at each destination, over all attempts. Not thread-safe. */
final class GroupDelivery {

    private final Set<String> taken = new HashSet<>();
    private final Map<TraceId, Set<String>> routes = new HashMap<>();
    private final Map<String, String> lost = new LinkedHashMap<>();

    /** All that is not taken yet comes again. */
    void attempt() {
        lost.clear();
    }

    /** Whether a destination is to get what follows. */
    boolean isOpen(String destination) {
        return !taken.contains(destination) && !lost.containsKey(destination);
    }

    /** A destination has all of the group, and gets nothing of it any more. */
    void take(String destination) {
        taken.add(destination);
    }

    /** A destination may lack something of the group, so in this attempt it need not get any more. */
    void lose(String destination, String reason) {
        lost.put(destination, reason);
    }

    boolean hasLost() {
        return !lost.isEmpty();
    }

    /** Why, destination by destination. */
    String losses() {
        return lost.entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
    }

    /**
     * Where a trace goes. All parts of a trace in a group go where the first part went, in later attempts, too: who has
     * taken the group must have taken what was meant for it.
     */
    Set<String> route(SampledTrace trace, TraceRoutes by) {
        return by.mayPartTraces()
                ? routes.computeIfAbsent(trace.traceId(), first -> by.of(trace))
                : by.of(trace);
    }

    /** Whether there is a destination that need not get it again. */
    boolean isTakenSomewhere() {
        return !taken.isEmpty();
    }

    /** How much memory it takes, in traces. */
    int rememberedTraces() {
        return routes.size();
    }
}
