package dev.tailsampling.selector;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask about: reports of cycles, dead letters, runs. Failures are {@link java.io.UncheckedIOException}.
 * Thread-safe.
 */
public interface OperationLog {

    /**
     * The newest reports, newest first.
     *
     * @param source text of a {@link LedgerKey}, null for those of all
     */
    List<FinishedCycle> reports(@Nullable String source, int limit);

    /**
     * The newest dead letters, newest first.
     *
     * @param source the table, null for those of all
     */
    List<DeadLetter> deadLetters(@Nullable String source, int limit);

    /** Notes that a process began to sample. The same run twice is noted once. */
    void begin(InstanceRun run);

    /** Notes that it ended, and how in words. A run ends once: later endings are not noted, nor those of unknown runs. */
    void end(String runId, Instant at, String ending);

    /** The newest runs, newest first. */
    List<InstanceRun> runs(int limit);

    /**
     * Forgets runs that began before this time and have ended, be it in silence: a later run of the same instance began.
     *
     * @return how many were forgotten
     */
    long forgetRunsOlderThan(Instant startedBefore);

    /** Whether the store answers; empty if it does, else why not in one sentence. Never throws. */
    Optional<String> problem();
}
