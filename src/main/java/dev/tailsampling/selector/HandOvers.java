package dev.tailsampling.selector;

import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.TraceId;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Open traces whose spans are no longer held in memory, nor read again after a restart: what was seen of them, in parts
 * that are added one after the other and merged when they are read. Failures are {@link java.io.UncheckedIOException}.
 * Thread-safe. "Source" is a key that stands for a source in one ledger.
 */
public interface HandOvers {

    /**
     * A trace that was handed over.
     *
     * @param policySet version of the policy set whose conditions the summary tells of; null if its parts were written
     *     under several ones, then the spans have to be folded again
     * @param newestCycle the greatest cycle of its parts
     * @param summary all parts merged, locations included
     */
    record HandOver(@Nullable String policySet, long newestCycle, TraceSummary summary) {}

    /**
     * Adds what was seen since the last part, in one transaction.
     *
     * @param cycle the cycle that is about to be recorded; until it is in the ledger the parts do not count
     * @param policySet version of the policy set under which the parts were folded
     * @param parts one for each trace
     */
    void append(String source, long cycle, String policySet, Collection<TraceSummary> parts);

    /**
     * All traces handed over, and the end of parts whose cycle never was recorded.
     *
     * @param throughCycleInclusive newest cycle in the ledger; parts of later ones are deleted
     */
    List<HandOver> load(String source, long throughCycleInclusive);

    /** Forgets traces: they have been decided, and that is in the ledger. Those that are not here are left out. */
    void remove(String source, Collection<TraceId> traceIds);

    /** How many traces are here. */
    long size(String source);
}
