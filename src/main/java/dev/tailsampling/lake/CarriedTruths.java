package dev.tailsampling.lake;

import dev.tailsampling.selector.LoggedCycle;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;

/**
 * What a commit without files states again, so that the snapshots that said it first may go.
 *
 * @param cycles the newest one of each source before its older ones
 * @param fences one for a source
 */
record CarriedTruths(List<LoggedCycle> cycles, List<LedgerEntry.Fence> fences) {

    boolean isEmpty() {
        return cycles.isEmpty() && fences.isEmpty();
    }

    /**
     * Commits them.
     *
     * @throws RuntimeException if another commit was faster, whatever it said: nothing is stated then
     */
    void commit(Table table) {
        AppendFiles append = table.newFastAppend();
        CycleSummary.writeCarried(cycles, append);
        FenceSummary.writeCarried(fences, append);
        append.validateWith(base -> areNewest(new LedgerHistory(base)));
        append.commit();
    }

    /** A source may have gone on since they were collected, and an older cycle must not hide the newest. */
    private boolean areNewest(LedgerHistory history) {
        Set<String> seen = new HashSet<>();
        return cycles.stream().filter(cycle -> seen.add(cycle.source()))
                .allMatch(cycle -> history.latest(cycle.source()).filter(cycle::equals).isPresent())
                && fences.stream().allMatch(fence -> history.fencingToken(fence.source()) == fence.token());
    }
}
