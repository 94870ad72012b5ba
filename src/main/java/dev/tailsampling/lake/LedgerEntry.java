package dev.tailsampling.lake;

import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.CycleGroup;
import dev.tailsampling.selector.LoggedCycle;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;

/** What a commit to the ledger says in its snapshot's summary, and on which history it may be said. */
sealed interface LedgerEntry extends SummaryEntry {

    /**
     * Whether the history says it already: from an attempt whose outcome was not known, or in other words.
     *
     * @throws ConcurrentCycleException if the history forbids it
     */
    boolean isRecorded(LedgerHistory history);

    @Override
    default boolean isIn(Iterable<Snapshot> newestFirst) {
        return isRecorded(new LedgerHistory(newestFirst));
    }

    /** A cycle. It is said right after the one before it, under no lesser fencing token than the greatest one. */
    record Cycle(LoggedCycle cycle) implements LedgerEntry {

        @Override
        public boolean isRecorded(LedgerHistory history) {
            return isThere(history, cycle, cycle.cycle() - 1);
        }

        @Override
        public void write(SnapshotUpdate<?> update) {
            CycleSummary.write(cycle, update);
        }

        @Override
        public String description() {
            return name(cycle);
        }

        @Override
        public String mark() {
            return cycle.cycleId();
        }
    }

    /**
     * Cycles of several sources, each after the newest one of its source; none of them is said without the others.
     *
     * @param groups at least one
     */
    record Groups(List<CycleGroup> groups) implements LedgerEntry {

        /**
         * Those that the history does not say yet.
         *
         * @throws ConcurrentCycleException if the history forbids one of them
         */
        static List<CycleGroup> missing(List<CycleGroup> groups, LedgerHistory history) {
            return groups.stream().filter(group -> !isThere(history, group.last(), group.previousCycle())).toList();
        }

        @Override
        public boolean isRecorded(LedgerHistory history) {
            List<CycleGroup> missing = missing(groups, history);
            if (!missing.isEmpty() && missing.size() < groups.size()) {
                // An earlier attempt with some of them, whose outcome was not known, has been done after all.
                LoggedCycle there = groups.stream().filter(group -> !missing.contains(group)).findFirst().orElseThrow()
                        .last();
                throw new ConcurrentCycleException(there.source(), description() + " cannot be recorded together: "
                        + name(there) + " was recorded meanwhile, by an attempt that seemed to have failed");
            }
            return missing.isEmpty();
        }

        @Override
        public void write(SnapshotUpdate<?> update) {
            GroupSummary.write(groups, update);
        }

        @Override
        public String description() {
            return name(groups.getFirst().last())
                    + (groups.size() == 1 ? "" : " with cycles of " + (groups.size() - 1) + " other sources");
        }

        @Override
        public String mark() {
            return groups.getFirst().last().cycleId();
        }
    }

    /**
     * Keeps out the cycles of writers with a lesser token.
     *
     * @param source text of a {@link dev.tailsampling.selector.LedgerKey}
     * @param token from 1
     * @param runId the run that leads from now on
     */
    record Fence(String source, long token, String runId) implements LedgerEntry {

        public Fence {
            if (token < 1) {
                throw new IllegalArgumentException("fencing tokens begin at 1: " + token);
            }
        }

        @Override
        public boolean isRecorded(LedgerHistory history) {
            return requireGreatest(history, source, token, description()) == token;
        }

        @Override
        public void write(SnapshotUpdate<?> update) {
            FenceSummary.write(this, update);
        }

        @Override
        public String description() {
            return "fence " + token + " of " + source;
        }

        @Override
        public String mark() {
            return "the fence of run " + runId;
        }
    }

    private static boolean isThere(LedgerHistory history, LoggedCycle cycle, long previousCycle) {
        Optional<LoggedCycle> newest = history.latest(cycle.source());
        if (newest.isPresent() && newest.get().cycleId().equals(cycle.cycleId())) {
            return true;
        }
        if (cycle.fencingToken() > 0) {
            requireGreatest(history, cycle.source(), cycle.fencingToken(), name(cycle));
        }
        long number = newest.map(LoggedCycle::cycle).orElse(0L);
        if (number != previousCycle) {
            throw new ConcurrentCycleException(cycle.source(),
                    name(cycle) + " cannot be recorded: the ledger's newest is "
                            + number + newest.map(c -> ", written by run " + c.runId()).orElse("")
                            + ", so another process decides on the same source");
        }
        return false;
    }

    private static String name(LoggedCycle cycle) {
        return "cycle " + cycle.cycle() + " of " + cycle.source();
    }

    private static long requireGreatest(LedgerHistory history, String source, long token, String what) {
        long greatest = history.fencingToken(source);
        if (greatest > token) {
            throw new ConcurrentCycleException(source, what + " cannot be recorded: another instance leads " + source
                    + " now, with fencing token " + greatest + ", and this one's is " + token);
        }
        return greatest;
    }
}
