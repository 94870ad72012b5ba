package dev.tailsampling.assembly;

import dev.tailsampling.policy.TraceSummary;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeMap;

/** Counts, for each location, the open traces with a span there. What nobody holds need not be read again. */
final class HeldLocations {

    private final TreeMap<Integer, Integer> traces = new TreeMap<>();

    void hold(int location) {
        traces.merge(location, 1, Integer::sum);
    }

    void holdAll(TraceSummary summary) {
        for (int location : summary.locations()) {
            hold(location);
        }
    }

    void releaseAll(TraceSummary summary) {
        for (int location : summary.locations()) {
            traces.computeIfPresent(location, (unused, count) -> count == 1 ? null : count - 1);
        }
    }

    void clear() {
        traces.clear();
    }

    SortedSet<Integer> held() {
        return Collections.unmodifiableSortedSet((SortedSet<Integer>) traces.navigableKeySet());
    }
}
