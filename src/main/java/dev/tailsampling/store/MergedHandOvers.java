package dev.tailsampling.store;

import dev.tailsampling.policy.SummaryBytes;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.HandOvers.HandOver;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Puts the parts of traces together. Not thread-safe. */
final class MergedHandOvers {

    private final String store;
    private final Map<TraceId, HandOver> traces = new LinkedHashMap<>();

    /**
     * Without any part yet.
     *
     * @param store names the store for messages
     */
    MergedHandOvers(String store) {
        this.store = store;
    }

    /**
     * Takes in one part.
     *
     * @throws UncheckedIOException if the bytes cannot be read
     */
    void add(long cycle, String policySet, byte[] summary) {
        TraceSummary part = parsed(() -> SummaryBytes.decode(summary));
        HandOver known = traces.putIfAbsent(part.traceId(), new HandOver(policySet, cycle, part));
        if (known != null) {
            known.summary().merge(part);
            traces.put(part.traceId(), new HandOver(policySet.equals(known.policySet()) ? policySet : null,
                    Math.max(cycle, known.newestCycle()), known.summary()));
        }
    }

    /**
     * What a parser makes of bytes of this store.
     *
     * @throws UncheckedIOException if it refuses them
     */
    <T> T parsed(Supplier<T> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            String sentence = store + ": a part of a trace that was handed over cannot be read: " + e.getMessage();
            throw new UncheckedIOException(sentence, new IOException(sentence, e));
        }
    }

    /** Each trace once. */
    List<HandOver> all() {
        return List.copyOf(traces.values());
    }
}
