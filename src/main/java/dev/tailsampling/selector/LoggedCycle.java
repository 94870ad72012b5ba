package dev.tailsampling.selector;

import java.util.List;

/**
 * What the ledger says of one cycle, committed together with its decisions.
 *
 * @param source whose cycle it is: text of a {@link LedgerKey}, which for the scanner is the table that was read
 * @param cycle its number, from 1
 * @param cycleId unique, to find the commit again when its outcome is unknown
 * @param runId the run that wrote it
 * @param policySet version of the policy set
 * @param cursor the source was read up to here
 * @param replayFrom spans of traces still open stand from here on
 * @param unconfirmedExports earlier cycles whose export was not confirmed when this one was written, ascending
 * @param fencingToken of the lease under which it was written, 0 if there was none
 * @param exportedFirst whether its own export came before it was written; then it is unconfirmed only if it is listed
 */
public record LoggedCycle(String source, long cycle, String cycleId, String runId, String policySet,
        SourceCursor cursor, SourceOffsets replayFrom, List<Long> unconfirmedExports, long fencingToken,
        boolean exportedFirst) {

    public LoggedCycle {
        unconfirmedExports = CycleNumbers.of(unconfirmedExports);
    }

    /** A cycle that is exported after it was written. */
    public LoggedCycle(String source, long cycle, String cycleId, String runId, String policySet, SourceCursor cursor,
            SourceOffsets replayFrom, List<Long> unconfirmedExports, long fencingToken) {
        this(source, cycle, cycleId, runId, policySet, cursor, replayFrom, unconfirmedExports, fencingToken, false);
    }

    /** A cycle that was written without a lease. */
    public LoggedCycle(String source, long cycle, String cycleId, String runId, String policySet, SourceCursor cursor,
            SourceOffsets replayFrom, List<Long> unconfirmedExports) {
        this(source, cycle, cycleId, runId, policySet, cursor, replayFrom, unconfirmedExports, 0);
    }

    /** Whether it, or a cycle before it, read rows from these offsets on. */
    public boolean readBeyond(SourceOffsets offsets) {
        return cursor.nextOffsets().byPartition().entrySet().stream()
                .anyMatch(next -> next.getValue() > offsets.of(next.getKey()));
    }
}
