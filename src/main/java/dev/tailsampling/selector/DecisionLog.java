package dev.tailsampling.selector;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The decision ledger: every decision ever taken, and the truth about how far each source has been decided. Failures are
 * {@link java.io.UncheckedIOException}. One writer per source; readers may be many.
 */
public interface DecisionLog {

    /**
     * Tells this ledger from every other one, and from one made anew under its name. What was derived from a ledger is
     * of no use with another: cycle numbers begin anew.
     */
    String identity();

    /**
     * Records the decisions of one cycle with its position, all or nothing, durably before it returns.
     *
     * @param decisions iterated once; in the order of their trace ids they are found again at least cost
     * @throws ConcurrentCycleException if another writer recorded a cycle of this source meanwhile, or the cycle's fencing
     *     token is not 0 and a greater one is known; nothing is written
     */
    void record(LoggedCycle cycle, Iterable<DecisionRecord> decisions);

    /** The newest cycle of a source. */
    Optional<LoggedCycle> latest(String source);

    /** The greatest fencing token of a source's cycles and fences, 0 if there is none. */
    long fencingToken(String source);

    /**
     * From when this returns, no cycle of a writer with a lesser token is recorded, even if that writer was paused just
     * before its commit. To be called by a new leader before it reads {@link #latest}. Idempotent. Writers without a token
     * are not kept out.
     *
     * @param source text of a {@link LedgerKey}
     * @param token of the leader's lease, from 1
     * @param runId the leader's run, for those who read the history
     * @throws ConcurrentCycleException if a greater token is known: another instance leads
     */
    void fence(String source, long token, String runId);

    /** The source's cycles from a number on, as far back as the ledger's history goes, oldest first. */
    List<LoggedCycle> cycles(String source, long fromCycleInclusive);

    /** Hands every selected row to the action: those of one trace in the order of their commits, all in about that order. */
    void forEach(DecisionFilter filter, Consumer<DecisionRecord> action);
}
