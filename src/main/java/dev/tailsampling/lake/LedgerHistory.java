package dev.tailsampling.lake;

import dev.tailsampling.selector.LoggedCycle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;

/**
 * The cycles in a ledger's snapshot history; those of several sources interleave.
 *
 * @param newestFirst the snapshots from the current one back
 */
record LedgerHistory(Iterable<Snapshot> newestFirst) {

    /** The newest cycle of a source. */
    Optional<LoggedCycle> latest(String source) {
        for (Snapshot snapshot : newestFirst) {
            Optional<LoggedCycle> cycle = CycleSummary.read(snapshot).filter(c -> c.source().equals(source));
            if (cycle.isPresent()) {
                return cycle;
            }
        }
        return Optional.empty();
    }

    /** The source's cycles from a number on, oldest first. */
    List<LoggedCycle> cycles(String source, long fromCycleInclusive) {
        List<LoggedCycle> cycles = new ArrayList<>();
        for (Snapshot snapshot : newestFirst) {
            Optional<LoggedCycle> cycle = CycleSummary.read(snapshot).filter(c -> c.source().equals(source));
            if (cycle.isPresent()) {
                if (cycle.get().cycle() < fromCycleInclusive) {
                    break;
                }
                cycles.add(cycle.get());
            }
        }
        Collections.reverse(cycles);
        return cycles;
    }
}
