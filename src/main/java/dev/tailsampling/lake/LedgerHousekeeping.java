package dev.tailsampling.lake;

/**
 * What keeps the ledger in order, beside the cycles.
 *
 * @param everyCycles how often, in cycles of a source or commits of several sources
 */
record LedgerHousekeeping(LedgerCompaction compaction, LedgerRetention retention, int everyCycles) {

    static final LedgerHousekeeping DEFAULT =
            new LedgerHousekeeping(LedgerCompaction.DEFAULT, LedgerRetention.DEFAULT, 50);

    boolean isDueAfter(long cycles) {
        return cycles % everyCycles == 0;
    }

    /** Whether the history is longer than the cycles of one source would let it become. */
    boolean isDueAt(int snapshots) {
        return snapshots > (long) retention.maxSnapshots() + everyCycles;
    }
}
