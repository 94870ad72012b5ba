package dev.tailsampling.selector;

import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what was seen of traces that were handed over, and strikes out those that are decided as soon as that is in
 * the ledger. Not thread-safe.
 */
final class HandOverBook {

    private final @Nullable HandOvers store;
    /** Traces that are decided, by the cycle that did so, until it is in the ledger. */
    private final TreeMap<Long, List<TraceId>> decided = new TreeMap<>();
    /** Parts that were folded under policies which are no longer in use. */
    private final Map<String, List<TraceSummary>> olderParts = new LinkedHashMap<>();

    /**
     * Nothing was handed over yet.
     *
     * @param store null if nothing is handed over
     */
    HandOverBook(@Nullable HandOvers store) {
        this.store = store;
    }

    boolean isUsed() {
        return store != null;
    }

    /** The open traces that were handed over before a restart. */
    List<HandOvers.HandOver> load(String stateKey, long recordedCycle, Recovery recovery) {
        if (store == null) {
            return List.of();
        }
        List<HandOvers.HandOver> written = store.load(stateKey, recordedCycle);
        Set<TraceId> leftOver = recovery.decidedSince(written, recordedCycle);
        if (!leftOver.isEmpty()) {
            // The process died between the record of their decisions and this.
            store.remove(stateKey, leftOver);
        }
        return written.stream().filter(trace -> !leftOver.contains(trace.summary().traceId())).toList();
    }

    /** Traces of which nothing new may be written before they are struck out: it would go with them. */
    Set<TraceId> toBeStruckOut() {
        Set<TraceId> all = new HashSet<>();
        decided.values().forEach(all::addAll);
        return all;
    }

    /** Other policies are used from now on, and these parts were folded before that. */
    void policiesChange(String version, Collection<TraceSummary> parts) {
        if (!parts.isEmpty()) {
            olderParts.computeIfAbsent(version, unseen -> new ArrayList<>()).addAll(parts);
        }
    }

    /** Writes what is new before a cycle is recorded, but for what that cycle decides. */
    void write(String stateKey, long cycle, String policySet, HeldTraces held, List<DecidedTrace> decisions) {
        if (store == null) {
            return;
        }
        List<TraceId> over = new ArrayList<>();
        for (DecidedTrace trace : decisions) {
            if (trace.summary().isHandedOver()) {
                held.decided(trace.summary());
                over.add(trace.summary().traceId());
            }
        }
        if (!over.isEmpty()) {
            decided.put(cycle, over);
        }
        for (Map.Entry<String, List<TraceSummary>> older : olderParts.entrySet()) {
            store.append(stateKey, cycle, older.getKey(), older.getValue());
        }
        olderParts.clear();
        if (!held.parts().isEmpty()) {
            store.append(stateKey, cycle, policySet, held.parts());
            held.written();
        }
    }

    /** Cycles up to this one are in the ledger. */
    void recorded(String stateKey, long throughCycleInclusive) {
        Map<Long, List<TraceId>> through = decided.headMap(throughCycleInclusive, true);
        if (store != null && !through.isEmpty()) {
            store.remove(stateKey, through.values().stream().flatMap(List::stream).toList());
        }
        through.clear();
    }
}
