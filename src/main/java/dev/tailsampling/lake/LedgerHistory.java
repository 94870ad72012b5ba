package dev.tailsampling.lake;

import dev.tailsampling.selector.LoggedCycle;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;

/**
 * The cycles and fences in a ledger's snapshot history; those of several sources interleave. The history is bounded by
 * {@link LedgerRetention}, which keeps the newest ones of each source in it.
 *
 * @param newestFirst the snapshots from the current one back
 */
record LedgerHistory(Iterable<Snapshot> newestFirst) {

    /** The newest cycle of a source. */
    Optional<LoggedCycle> latest(String source) {
        for (Snapshot snapshot : newestFirst) {
            List<LoggedCycle> cycles = CycleSummary.read(snapshot, source);
            if (!cycles.isEmpty()) {
                return Optional.of(cycles.getFirst());
            }
        }
        return Optional.empty();
    }

    /** The greatest fencing token of a source, 0 if there is none. Only tokens that do not decrease are ever committed. */
    long fencingToken(String source) {
        for (Snapshot snapshot : newestFirst) {
            for (LedgerEntry.Fence fence : FenceSummary.read(snapshot)) {
                if (fence.source().equals(source)) {
                    return fence.token();
                }
            }
            for (LoggedCycle cycle : CycleSummary.read(snapshot, source)) {
                if (cycle.fencingToken() > 0) {
                    return cycle.fencingToken();
                }
            }
        }
        return 0;
    }

    /** The source's cycles from a number on, oldest first. Some may have been stated again by younger snapshots. */
    List<LoggedCycle> cycles(String source, long fromCycleInclusive) {
        TreeMap<Long, LoggedCycle> cycles = new TreeMap<>();
        for (Snapshot snapshot : newestFirst) {
            CycleSummary.read(snapshot, source).forEach(cycle -> cycles.putIfAbsent(cycle.cycle(), cycle));
        }
        return List.copyOf(cycles.tailMap(fromCycleInclusive).values());
    }
}
