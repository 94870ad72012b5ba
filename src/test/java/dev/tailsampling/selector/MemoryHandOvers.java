package dev.tailsampling.selector;

import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Hand-overs in memory; parts are copied when they are appended. */
public final class MemoryHandOvers implements HandOvers {

    private record Part(long cycle, String policySet, TraceSummary summary) {}

    private final Map<String, List<Part>> parts = new HashMap<>();

    @Override
    public void append(String source, long cycle, String policySet, Collection<TraceSummary> summaries) {
        List<Part> known = parts.computeIfAbsent(source, unseen -> new ArrayList<>());
        for (TraceSummary summary : summaries) {
            known.add(new Part(cycle, policySet, copy(summary)));
        }
    }

    private static TraceSummary copy(TraceSummary summary) {
        TraceSummary copy = new TraceSummary(summary.traceIdHigh(), summary.traceIdLow());
        copy.merge(summary);
        return copy;
    }

    @Override
    public List<HandOver> load(String source, long throughCycleInclusive) {
        List<Part> known = parts.getOrDefault(source, new ArrayList<>());
        known.removeIf(part -> part.cycle() > throughCycleInclusive);
        Map<TraceId, HandOver> merged = new LinkedHashMap<>();
        for (Part part : known) {
            merged.merge(part.summary().traceId(), new HandOver(part.policySet(), copy(part.summary())),
                    (earlier, later) -> {
                        earlier.summary().merge(later.summary());
                        return new HandOver(Objects.equals(earlier.policySet(), later.policySet())
                                ? earlier.policySet()
                                : null, earlier.summary());
                    });
        }
        return List.copyOf(merged.values());
    }

    @Override
    public void remove(String source, Collection<TraceId> traceIds) {
        HashSet<TraceId> gone = new HashSet<>(traceIds);
        parts.getOrDefault(source, new ArrayList<>()).removeIf(part -> gone.contains(part.summary().traceId()));
    }

    @Override
    public long size(String source) {
        return parts.getOrDefault(source, List.of()).stream().map(part -> part.summary().traceId()).distinct().count();
    }
}
