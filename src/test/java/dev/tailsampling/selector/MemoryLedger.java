package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletionReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A ledger in memory: all or nothing, like a commit. */
public final class MemoryLedger implements CycleGroupLog {

    private final List<LoggedCycle> cycles = new ArrayList<>();
    private final List<DecisionRecord> rows = new ArrayList<>();
    private final Map<String, Long> tokens = new HashMap<>();

    @Override
    public String identity() {
        return "memory";
    }

    @Override
    public void record(LoggedCycle cycle, Iterable<DecisionRecord> decisions) {
        if (cycle.fencingToken() > 0) {
            fence(cycle.source(), cycle.fencingToken(), cycle.runId());
        }
        long newest = latest(cycle.source()).map(LoggedCycle::cycle).orElse(0L);
        if (cycle.cycle() != newest + 1) {
            throw new ConcurrentCycleException(cycle.source(), "cycle " + cycle.cycle() + " after " + newest);
        }
        decisions.forEach(rows::add);
        cycles.add(cycle);
    }

    @Override
    public void recordTogether(List<CycleGroup> groups, Iterable<DecisionRecord> decisions) {
        List<CycleGroup> missing = groups.stream().filter(group -> !cycles.contains(group.last())).toList();
        for (CycleGroup group : missing) {
            String source = group.last().source();
            long newest = latest(source).map(LoggedCycle::cycle).orElse(0L);
            if (group.previousCycle() != newest || isFenced(group.last())) {
                throw new ConcurrentCycleException(source, "after cycle " + group.previousCycle() + " of " + source
                        + " comes no other one than after " + newest);
            }
        }
        decisions.forEach(decision -> {
            if (missing.stream().anyMatch(group -> isOf(group, decision))) {
                rows.add(decision);
            }
        });
        missing.forEach(group -> {
            group.earlier().forEach(earlier -> cycles.add(earlier(group.last(), earlier)));
            cycles.add(group.last());
        });
    }

    private boolean isFenced(LoggedCycle cycle) {
        return cycle.fencingToken() > 0 && cycle.fencingToken() < fencingToken(cycle.source());
    }

    private static boolean isOf(CycleGroup group, DecisionRecord decision) {
        return group.last().source().equals(decision.source()) && decision.cycle() > group.previousCycle()
                && decision.cycle() <= group.last().cycle();
    }

    private static LoggedCycle earlier(LoggedCycle last, CycleGroup.ReadUpTo earlier) {
        SourceCursor cursor = new SourceCursor(last.cursor().tableId(), last.cursor().sequenceNumberInclusive(),
                earlier.nextOffsets(), last.cursor().tableTimeMillis());
        return new LoggedCycle(last.source(), earlier.cycle(), last.cycleId() + "/" + earlier.cycle(), last.runId(),
                last.policySet(), cursor, last.replayFrom(), last.unconfirmedExports(), last.fencingToken(), true);
    }

    @Override
    public Optional<LoggedCycle> latest(String source) {
        return cycles(source, 0).reversed().stream().findFirst();
    }

    @Override
    public long fencingToken(String source) {
        return cycles(source, 0).stream().map(LoggedCycle::fencingToken)
                .reduce(tokens.getOrDefault(source, 0L), Math::max);
    }

    @Override
    public void fence(String source, long token, String runId) {
        if (fencingToken(source) > token) {
            throw new ConcurrentCycleException(source, "token " + token + " after " + fencingToken(source));
        }
        tokens.put(source, token);
    }

    @Override
    public List<LoggedCycle> cycles(String source, long fromCycleInclusive) {
        return cycles.stream().filter(cycle -> cycle.source().equals(source) && cycle.cycle() >= fromCycleInclusive)
                .toList();
    }

    @Override
    public void forEach(DecisionFilter filter, Consumer<DecisionRecord> action) {
        List.copyOf(rows).stream()
                .filter(row -> row.cycle() >= filter.fromCycleInclusive() && row.cycle() <= filter.toCycleInclusive())
                .filter(row -> filter.source() == null || filter.source().equals(row.source()))
                .filter(row -> filter.policy() == null || filter.policy().equals(row.decision().policy()))
                .filter(row -> filter.runId() == null || filter.runId().equals(row.runId()))
                .filter(row -> switch (filter.takenBy()) {
                    case ANYBODY -> true;
                    case SCANNER -> row.backfill() == null;
                    case BACKFILL -> row.backfill() != null;
                })
                .filter(row -> filter.lateSpans() == DecisionFilter.LateSpans.INCLUDE
                        || row.completion() != CompletionReason.LATE_SPANS)
                .filter(row -> filter.firstArrival() == null
                        || row.trace().firstArrivalMillis() >= filter.firstArrival().fromMillisInclusive()
                                && row.trace().firstArrivalMillis() <= filter.firstArrival().toMillisInclusive())
                .filter(row -> filter.decidedFromInclusive() == null
                        || !row.decidedAt().isBefore(filter.decidedFromInclusive()))
                .filter(row -> filter.outcome() == null || filter.outcome() == row.decision().outcome())
                .filter(row -> filter.traceId() == null || filter.traceId().equals(row.trace().traceId()))
                .forEach(action);
    }

    /** All rows as they were recorded. */
    public List<DecisionRecord> rows() {
        return rows;
    }
}
