package dev.tailsampling.lake;

import dev.tailsampling.selector.LedgerKey;
import dev.tailsampling.selector.LoggedCycle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Snapshot;

/**
 * What of a ledger's history must be found again: for each source its newest cycle; the cycles whose export that one calls
 * unconfirmed; those that read rows which have to be folded again after a restart; and its greatest fencing token.
 */
final class LedgerTruths {

    /** A cycle or a fence, and the youngest snapshot that says it. */
    private record Stated<T>(T what, Snapshot by) {}

    private final Map<String, List<Stated<LoggedCycle>>> neededCycles = new LinkedHashMap<>();
    private final Map<String, Stated<LedgerEntry.Fence>> fences = new LinkedHashMap<>();

    private LedgerTruths() {}

    /**
     * Looks through a history.
     *
     * @param givenUpMillis of a source whose newest cycle is older than this only that one is needed, and of a backfill
     *     nothing
     */
    static LedgerTruths of(List<Snapshot> newestFirst, long givenUpMillis) {
        LedgerTruths truths = new LedgerTruths();
        Map<String, Needs> needs = new LinkedHashMap<>();
        for (Snapshot snapshot : newestFirst) {
            FenceSummary.read(snapshot).forEach(fence -> truths.addFence(fence, snapshot));
            for (LoggedCycle cycle : CycleSummary.read(snapshot)) {
                boolean needed = needs.computeIfAbsent(cycle.source(),
                        source -> Needs.of(cycle, snapshot.timestampMillis() < givenUpMillis)).take(cycle);
                if (needed) {
                    truths.neededCycles.computeIfAbsent(cycle.source(), source -> new ArrayList<>())
                            .add(new Stated<>(cycle, snapshot));
                }
                if (cycle.fencingToken() > 0) {
                    truths.addFence(new LedgerEntry.Fence(cycle.source(), cycle.fencingToken(), cycle.runId()),
                            snapshot);
                }
            }
        }
        return truths;
    }

    private void addFence(LedgerEntry.Fence fence, Snapshot snapshot) {
        fences.putIfAbsent(fence.source(), new Stated<>(fence, snapshot));
    }

    /**
     * The oldest snapshot that a source needs whose newest cycle is younger than the limit; else the limit.
     *
     * <p>So a destination that is away keeps the history back to its first unconfirmed export, about one snapshot for each
     * cycle of each table, until it has returned. Stating such cycles again, as is done for idle sources, would bound the
     * number of snapshots but not their bytes: nearly every cycle of that time is needed, each run would write all of them
     * into one summary, and any cycle that the source commits meanwhile would undo it.
     */
    long oldestOfActive(long limitMillis) {
        return neededCycles.values().stream()
                .filter(cycles -> cycles.getFirst().by().timestampMillis() >= limitMillis)
                .mapToLong(
                        cycles -> cycles.stream().mapToLong(cycle -> cycle.by().timestampMillis()).min().orElseThrow())
                .reduce(limitMillis, Math::min);
    }

    /** What would be lost if nothing but these snapshots stayed. A source's cycles are stated again together. */
    CarriedTruths lostWithout(List<Snapshot> kept) {
        Set<Long> ids = new HashSet<>();
        kept.forEach(snapshot -> ids.add(snapshot.snapshotId()));
        List<LoggedCycle> lostCycles = neededCycles.values().stream()
                .filter(cycles -> cycles.stream().anyMatch(cycle -> !ids.contains(cycle.by().snapshotId())))
                .flatMap(cycles -> cycles.stream().map(Stated::what)).toList();
        List<LedgerEntry.Fence> lostFences = fences.values().stream()
                .filter(fence -> !ids.contains(fence.by().snapshotId())).map(Stated::what).toList();
        return new CarriedTruths(lostCycles, lostFences);
    }

    /** Which cycles of one source are needed; each is asked for once, the newest first. */
    private record Needs(LoggedCycle newest, Set<Long> unconfirmed, boolean nothing, boolean newestOnly,
            Set<Long> taken) {

        static Needs of(LoggedCycle newest, boolean givenUp) {
            boolean isOver = newest.cursor().hasEnded() && newest.unconfirmedExports().isEmpty();
            return new Needs(newest, Set.copyOf(newest.unconfirmedExports()),
                    isOver || givenUp && LedgerKey.isBackfill(newest.source()), givenUp, new HashSet<>());
        }

        boolean take(LoggedCycle cycle) {
            return !nothing && isNeeded(cycle) && taken.add(cycle.cycle());
        }

        private boolean isNeeded(LoggedCycle cycle) {
            return cycle.cycle() == newest.cycle()
                    || !newestOnly && (unconfirmed.contains(cycle.cycle())
                            || cycle.readBeyond(newest.replayFrom()));
        }
    }
}
