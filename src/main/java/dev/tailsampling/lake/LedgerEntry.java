package dev.tailsampling.lake;

import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.LoggedCycle;
import java.util.Optional;
import org.apache.iceberg.SnapshotUpdate;

/** What a commit to the ledger says in its snapshot's summary, and on which history it may be said. */
sealed interface LedgerEntry {

    /**
     * Whether the history says it already: from an attempt whose outcome was not known, or in other words.
     *
     * @throws ConcurrentCycleException if the history forbids it
     */
    boolean isRecorded(LedgerHistory history);

    /** Puts it into the summary of a commit. */
    void write(SnapshotUpdate<?> update);

    /** What is recorded, for messages. */
    String description();

    /** What to look for in the snapshots when the outcome of the commit is not known. */
    String mark();

    /** A cycle. It is said right after the one before it, under no lesser fencing token than the greatest one. */
    record Cycle(LoggedCycle cycle) implements LedgerEntry {

        @Override
        public boolean isRecorded(LedgerHistory history) {
            Optional<LoggedCycle> newest = history.latest(cycle.source());
            if (newest.isPresent() && newest.get().cycleId().equals(cycle.cycleId())) {
                return true;
            }
            if (cycle.fencingToken() > 0) {
                requireGreatest(history, cycle.source(), cycle.fencingToken(), description());
            }
            long number = newest.map(LoggedCycle::cycle).orElse(0L);
            if (number != cycle.cycle() - 1) {
                throw new ConcurrentCycleException(cycle.source(), description() + " cannot be recorded: the ledger's newest is "
                        + number + newest.map(c -> ", written by run " + c.runId()).orElse("")
                        + ", so another process decides on the same source");
            }
            return false;
        }

        @Override
        public void write(SnapshotUpdate<?> update) {
            CycleSummary.write(cycle, update);
        }

        @Override
        public String description() {
            return "cycle " + cycle.cycle() + " of " + cycle.source();
        }

        @Override
        public String mark() {
            return cycle.cycleId();
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

    private static long requireGreatest(LedgerHistory history, String source, long token, String what) {
        long greatest = history.fencingToken(source);
        if (greatest > token) {
            throw new ConcurrentCycleException(source, what + " cannot be recorded: another instance leads " + source
                    + " now, with fencing token " + greatest + ", and this one's is " + token);
        }
        return greatest;
    }
}
