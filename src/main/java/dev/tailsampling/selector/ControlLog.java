package dev.tailsampling.selector;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator wants to know and the flow needs only to save work: which exports are confirmed, cycle reports, dead
 * letters, damaged files, the text of policy sets by version, and the state of budgets. Failures are
 * {@link java.io.UncheckedIOException}. Thread-safe.
 */
public interface ControlLog {

    /** Dead letters kept of each source. */
    int DEAD_LETTERS_KEPT = 10_000;

    /** Notes that all kept traces of a cycle have been exported (or refused for good). Idempotent. */
    void confirmExport(String source, long cycle);

    /** Of these cycles the ones whose export was confirmed. */
    List<Long> confirmedExports(String source, Collection<Long> cycles);

    /** Forgets the confirmations of cycles before this one: a later record in the ledger says which are missing. */
    void forgetConfirmedExports(String source, long beforeCycle);

    /** Keeps the report of a cycle. */
    void addReport(String source, Instant finishedAt, CycleReport report);

    /** Forgets the reports of cycles that finished before this time; returns how many. */
    long forgetReportsOlderThan(Instant finishedBefore);

    /**
     * Keeps what is known of rows that could not be decoded, in one transaction. Of each source the newest
     * {@value #DEAD_LETTERS_KEPT} are kept, and all are counted. A row that is kept already is neither kept nor counted
     * again, whatever file it was read from.
     *
     * @param reasons why, in one sentence, by the row; in the order in which they were read
     */
    void addDeadLetters(String source, Map<SourceRow, String> reasons);

    /** How many dead letters there were of a source, those that are no longer kept included. */
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
