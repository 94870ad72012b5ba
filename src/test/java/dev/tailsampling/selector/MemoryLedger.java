package dev.tailsampling.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A ledger in memory: all or nothing, like a commit. */
final class MemoryLedger implements DecisionLog {

    private final List<LoggedCycle> cycles = new ArrayList<>();
    private final List<DecisionRecord> rows = new ArrayList<>();

    @Override
    public String identity() {
        return "memory";
    }

    @Override
    public void record(LoggedCycle cycle, Iterable<DecisionRecord> decisions) {
        long newest = latest(cycle.source()).map(LoggedCycle::cycle).orElse(0L);
        if (cycle.cycle() != newest + 1) {
            throw new ConcurrentCycleException("cycle " + cycle.cycle() + " after " + newest);
        }
        decisions.forEach(rows::add);
        cycles.add(cycle);
    }

    @Override
    public Optional<LoggedCycle> latest(String source) {
        return cycles.isEmpty() ? Optional.empty() : Optional.of(cycles.getLast());
    }

    @Override
    public List<LoggedCycle> cycles(String source, long fromCycleInclusive) {
        return cycles.stream().filter(cycle -> cycle.cycle() >= fromCycleInclusive).toList();
    }

    @Override
    public void forEach(DecisionFilter filter, Consumer<DecisionRecord> action) {
        List.copyOf(rows).stream()
                .filter(row -> row.cycle() >= filter.fromCycleInclusive() && row.cycle() <= filter.toCycleInclusive())
                .filter(row -> filter.outcome() == null || filter.outcome() == row.decision().outcome())
                .filter(row -> filter.traceId() == null || filter.traceId().equals(row.trace().traceId()))
                .forEach(action);
    }

    List<DecisionRecord> rows() {
        return rows;
    }
}
