package dev.tailsampling.lake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the ledger's snapshot history, which every commit writes again and every look-up reads. Rows are never removed,
 * and no truth goes with a snapshot: what {@link LedgerTruths} still need is either kept back with all that is younger,
 * while its source is active, or stated again by a younger snapshot. So neither a table that is not sampled any more nor
 * one that rests for weeks keeps the history of the others.
 *
 * @param history snapshots older than this go
 * @param maxSnapshots of younger ones this many stay, and those that active sources need
 * @param maxSummaryBytes likewise, by about how many bytes their summaries have together: those of cycles recorded
 *     together are larger
 * @param waitForReturn how long more than the newest cycle is kept of a source that does not go on, and anything of a
 *     backfill that has not ended
 */
record LedgerRetention(Duration history, int maxSnapshots, long maxSummaryBytes, Duration waitForReturn) {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerRetention.class);

    static final LedgerRetention DEFAULT = new LedgerRetention(Duration.ofDays(1), 1_000, 1L << 20, Duration.ofDays(3));

    /** Expires what need not be kept. Failures are logged: it is housekeeping, and done another time. */
    void apply(Table table) {
        if (table.currentSnapshot() == null) {
            return;
        }
        try {
            expire(table);
        } catch (CommitFailedException | ValidationException e) {
            LOG.debug("Old snapshots of {} stay for a while: another writer was faster", table.name(), e);
        } catch (RuntimeException e) {
            // The cycle is recorded, and the history is a bit longer for a while.
            LOG.warn("Old snapshots of {} could not be expired; it is tried again later", table.name(), e);
        }
    }

    private void expire(Table table) {
        List<Snapshot> newestFirst = new ArrayList<>();
        SnapshotUtil.currentAncestors(table).forEach(newestFirst::add);
        long nowMillis = newestFirst.getFirst().timestampMillis();
        long limitMillis = Math.max(nowMillis - history.toMillis(),
                newestFirst.get(atMost(newestFirst) - 1).timestampMillis());
        LedgerTruths truths = LedgerTruths.of(newestFirst, nowMillis - waitForReturn.toMillis());
        long oldestKeptMillis = truths.oldestOfActive(limitMillis);
        int kept = kept(newestFirst, oldestKeptMillis);
        if (kept < newestFirst.size()) {
            CarriedTruths lost = truths.lostWithout(newestFirst.subList(0, kept));
            if (!lost.isEmpty()) {
                lost.commit(table);
            }
            table.expireSnapshots().expireOlderThan(oldestKeptMillis).retainLast(1).commit();
        }
    }

    /** How many snapshots may stay, at least 1. */
    private int atMost(List<Snapshot> newestFirst) {
        long bytes = 0;
        int count = 0;
        while (count < Math.min(maxSnapshots, newestFirst.size()) && bytes < maxSummaryBytes) {
            bytes += summaryBytes(newestFirst.get(count++));
        }
        return count;
    }

    private static long summaryBytes(Snapshot snapshot) {
        Map<String, String> summary = snapshot.summary();
        return summary == null
                ? 0
                : summary.entrySet().stream().mapToLong(e -> e.getKey().length() + e.getValue().length()).sum();
    }

    /** As Iceberg counts: what is behind one that is too old goes too, although clocks may differ. */
    private static int kept(List<Snapshot> newestFirst, long oldestKeptMillis) {
        int kept = 1;
        while (kept < newestFirst.size() && newestFirst.get(kept).timestampMillis() >= oldestKeptMillis) {
            kept++;
        }
        return kept;
    }
}
