package dev.tailsampling.selector;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What the operator wants to know and the flow needs only to save work: which exports are confirmed, cycle reports, dead
 * letters, damaged files, the text of policy sets by version, and the state of budgets. Failures are
 * {@link java.io.UncheckedIOException}. Thread-safe.
 */
public interface ControlLog {

    /** Notes that all kept traces of a cycle have been exported (or refused for good). Idempotent. */
    void confirmExport(String source, long cycle);

    /** Of these cycles the ones whose export was confirmed. */
    List<Long> confirmedExports(String source, Collection<Long> cycles);

    /** Keeps the report of a cycle. */
    void addReport(String source, Instant finishedAt, CycleReport report);

    /** Forgets the reports of cycles that finished before this time; returns how many. */
    long forgetReportsOlderThan(Instant finishedBefore);

    /** Keeps what is known of a row that could not be decoded. The same row twice is kept once. */
    void addDeadLetter(String source, SourceRow row, String reason);

    /** How many dead letters there are of a source. */
    long deadLetterCount(String source);

    /** Keeps the name of a damaged data file, whose spans were left out. The same file twice is kept once. */
    void addUnreadableFile(String source, String file, String reason);

    /** The damaged files of a source, in the order of their names. */
    List<String> unreadableFiles(String source);

    /** Keeps the text of a policy set under its version. Idempotent. */
    void addPolicySet(String version, String text);

    /** The text of a policy set. */
    Optional<String> policySet(String version);

    /**
     * Keeps how full the budgets are after a cycle, and what samplers have counted, before that cycle is recorded; those
     * of the last two cycles are enough.
     */
    void keepLimits(String source, long cycle, String limits);

    /** What was kept for that cycle. */
    Optional<String> limits(String source, long cycle);
}
