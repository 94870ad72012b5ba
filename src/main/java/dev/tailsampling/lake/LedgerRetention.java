package dev.tailsampling.lake;

import dev.tailsampling.selector.LedgerKey;
import dev.tailsampling.selector.LoggedCycle;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the ledger's snapshot history, which every commit writes again and every look-up reads. Rows are never removed,
 * and no snapshot goes that still carries a truth: the newest cycle of a source and the cycles whose export it calls
 * unconfirmed stay, and with them all that is younger. A backfill needs them until it has ended; one that does not go on
 * is waited for no longer than a while.
 *
 * @param history snapshots older than this go
 * @param maxSnapshots of younger ones this many stay
 * @param waitForBackfill how long a backfill that has not ended is waited for
 */
record LedgerRetention(Duration history, int maxSnapshots, Duration waitForBackfill) {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerRetention.class);

    static final LedgerRetention DEFAULT = new LedgerRetention(Duration.ofDays(1), 1_000, Duration.ofDays(3));

    /** How often the history is looked through, in cycles. */
    static final int EVERY_CYCLES = 100;

    /** Expires what need not be kept. Failures are logged: it is housekeeping, and done another time. */
    void apply(Table table) {
        Snapshot current = table.currentSnapshot();
        if (current == null) {
            return;
        }
        long oldestKeptMillis = Math.max(current.timestampMillis() - history.toMillis(), oldestAllowedMillis(table));
        try {
            table.expireSnapshots().expireOlderThan(Math.min(oldestKeptMillis, oldestNeededMillis(table, current)))
                    .retainLast(1).commit();
        } catch (RuntimeException e) {
            // The cycle is recorded, and the history is a bit longer for a while.
            LOG.warn("Old snapshots of {} could not be expired; it is tried again later", table.name(), e);
        }
    }

    private long oldestAllowedMillis(Table table) {
        int kept = 0;
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
            kept++;
            if (kept == maxSnapshots) {
                return snapshot.timestampMillis();
            }
        }
        return Long.MIN_VALUE;
    }

    private long oldestNeededMillis(Table table, Snapshot current) {
        Map<String, Set<Long>> neededCycles = new HashMap<>();
        long oldest = Long.MAX_VALUE;
        long givenUpMillis = current.timestampMillis() - waitForBackfill.toMillis();
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
            LoggedCycle cycle = CycleSummary.read(snapshot).orElse(null);
            if (cycle != null && neededCycles.computeIfAbsent(cycle.source(),
                    source -> isOver(cycle) || isGivenUp(cycle, snapshot, givenUpMillis) ? Set.of() : needed(cycle))
                    .contains(cycle.cycle())) {
                oldest = snapshot.timestampMillis();
            }
        }
        return oldest;
    }

    private static boolean isOver(LoggedCycle newest) {
        return newest.cursor().hasEnded() && newest.unconfirmedExports().isEmpty();
    }

    private static boolean isGivenUp(LoggedCycle newest, Snapshot snapshot, long beforeMillis) {
        return LedgerKey.isBackfill(newest.source()) && snapshot.timestampMillis() < beforeMillis;
    }

    private static Set<Long> needed(LoggedCycle newest) {
        Set<Long> cycles = new HashSet<>(newest.unconfirmedExports());
        cycles.add(newest.cycle());
        return cycles;
    }
}
