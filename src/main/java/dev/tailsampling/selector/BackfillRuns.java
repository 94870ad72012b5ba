package dev.tailsampling.selector;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Backfill runs and their slices. How far a run really came is said by the ledger; this is what it was asked to do, and
 * what operators want to know. Failures are {@link java.io.UncheckedIOException}. Thread-safe.
 */
public interface BackfillRuns {

    /**
     * Adds a run with its slices, all or nothing.
     *
     * @return false if there is a run of this id already; nothing is changed then
     */
    boolean add(BackfillRun run, List<BackfillSlice> slices);

    /** The run of this id. */
    Optional<BackfillRun> find(String id);

    /** All runs, those that started last first. */
    List<BackfillRun> list();

    /** The slices of a run by number; none if there is no such run. */
    List<BackfillSlice> slices(String id);

    /** Notes what a slice brought; noted again, the last word counts. Of an unknown run or slice nothing is noted. */
    void finishSlice(String id, int number, BackfillSlice.Counts counts);

    /** Notes that a run has ended. A run ends once: later times are not noted. */
    void finish(String id, Instant at);
}
