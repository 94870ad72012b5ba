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

    /** The greatest fencing token of a source, 0 if there is none. Only tokens that do not decrease are ever committed. */
    long fencingToken(String source) {
        for (Snapshot snapshot : newestFirst) {
            long token = Math.max(CycleSummary.read(snapshot).filter(cycle -> cycle.source().equals(source))
                    .map(LoggedCycle::fencingToken).orElse(0L), FenceSummary.token(snapshot, source));
            if (token > 0) {
                return token;
            }
        }
        return 0;
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
