package dev.tailsampling.selector;

import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Decisions of the recent past, by trace id: a cache of the ledger that can be rebuilt from it. Failures are
 * {@link java.io.UncheckedIOException}. Thread-safe. "Source" is a key that stands for a source in one ledger.
 */
public interface RecentDecisions {

    /** What was decided on these traces, as far as it is remembered. */
    Map<TraceId, PriorDecision> find(String source, Collection<TraceId> traceIds);

    /**
     * Remembers the decisions of one cycle and that this is the newest one, in one transaction. Rows of late spans leave
     * the first decision as it is.
     */
    void remember(String source, long cycle, Iterable<DecisionRecord> decisions);

    /** The newest cycle remembered, 0 if none. */
    long newestCycle(String source);

    /** Forgets decisions taken before this time; returns how many. */
    long forgetOlderThan(Instant decidedBefore);
}
