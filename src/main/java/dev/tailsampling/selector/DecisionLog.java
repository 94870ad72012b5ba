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
     * @param decisions iterated once
     * @throws ConcurrentCycleException if another writer recorded a cycle of this source meanwhile; nothing is written
     */
    void record(LoggedCycle cycle, Iterable<DecisionRecord> decisions);

    /** The newest cycle of a source. */
    Optional<LoggedCycle> latest(String source);

    /** The source's cycles from a number on, as far back as the ledger's history goes, oldest first. */
    List<LoggedCycle> cycles(String source, long fromCycleInclusive);

    /** Hands every selected row to the action, oldest commit first. */
    void forEach(DecisionFilter filter, Consumer<DecisionRecord> action);
}
