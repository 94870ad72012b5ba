package dev.tailsampling.store;

import dev.tailsampling.policy.SummaryBytes;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hand-overs that end with the process, whose spans then have to be read again. Thread-safe. */
public final class MemoryHandOvers implements HandOvers {

    /** The summaries go on changing after they were handed over, so their bytes are kept. */
    private record Part(long cycle, String policySet, byte[] summary) {}

    private final Map<String, Map<TraceId, List<Part>>> sources = new HashMap<>();

    private Map<TraceId, List<Part>> source(String source) {
        return sources.computeIfAbsent(source, unseen -> new LinkedHashMap<>());
    }

    @Override
    public synchronized void append(String source, long cycle, String policySet, Collection<TraceSummary> parts) {
        Map<TraceId, List<Part>> traces = source(source);
        for (TraceSummary part : parts) {
            traces.computeIfAbsent(part.traceId(), unseen -> new ArrayList<>(1))
                    .add(new Part(cycle, policySet, SummaryBytes.encode(part)));
        }
    }

    @Override
    public synchronized List<HandOver> load(String source, long throughCycleInclusive) {
        Map<TraceId, List<Part>> traces = source(source);
        traces.values().forEach(parts -> parts.removeIf(part -> part.cycle() > throughCycleInclusive));
        traces.values().removeIf(List::isEmpty);
        MergedHandOvers merged = new MergedHandOvers("memory");
        traces.values()
                .forEach(parts -> parts.forEach(part -> merged.add(part.cycle(), part.policySet(), part.summary())));
        return merged.all();
    }

    @Override
    public synchronized void remove(String source, Collection<TraceId> traceIds) {
        traceIds.forEach(source(source)::remove);
    }

    @Override
    public synchronized long size(String source) {
        return source(source).size();
    }
}
