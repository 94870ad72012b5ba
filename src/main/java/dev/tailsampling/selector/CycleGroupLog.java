package dev.tailsampling.selector;

import java.util.List;

/** A {@link DecisionLog} in which cycles of several sources can be recorded at once. */
public interface CycleGroupLog extends DecisionLog {

    /**
     * Records cycles of several sources with all their decisions in one commit, all or nothing, durably before it
     * returns. Idempotent: a group whose {@code last} is recorded already is left out with its decisions.
     *
     * @param groups at most one of each source
     * @param decisions of all of them, iterated once
     * @throws ConcurrentCycleException if another writer recorded a cycle of one of the sources meanwhile; nothing is
     *     written, and {@link ConcurrentCycleException#source} tells of which
     */
    void recordTogether(List<CycleGroup> groups, Iterable<DecisionRecord> decisions);
}
