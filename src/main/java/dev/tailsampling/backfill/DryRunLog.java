package dev.tailsampling.backfill;

import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionLog;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LoggedCycle;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A ledger that adds decisions up and forgets them. Not thread-safe. */
final class DryRunLog implements DecisionLog {

    private final BackfillTally tally = new BackfillTally();

    @Override
    public String identity() {
        return "dry-run";
    }

    @Override
    public void record(LoggedCycle cycle, Iterable<DecisionRecord> decisions) {
        decisions.forEach(tally::add);
    }

    @Override
    public Optional<LoggedCycle> latest(String source) {
        return Optional.empty();
    }

    @Override
    public long fencingToken(String source) {
        return 0;
    }

    @Override
    public void fence(String source, long token, String runId) {
        // Nobody else can write to it.
    }

    @Override
    public List<LoggedCycle> cycles(String source, long fromCycleInclusive) {
        return List.of();
    }

    @Override
    public void forEach(DecisionFilter filter, Consumer<DecisionRecord> action) {
        // Nothing is left of them.
    }

    BackfillTally tally() {
        return tally;
    }
}
