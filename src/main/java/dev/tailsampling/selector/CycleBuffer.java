package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in front of the ledger, and recent decisions in front of the store of them: the cycles of one source wait here,
 * after their exports, until they are recorded together. If the process dies before that, their traces are read and
 * decided again. Not thread-safe.
 */
public final class CycleBuffer implements DecisionLog, RecentDecisions {

    /**
     * Cycles to be recorded together with those of other sources.
     *
     * @param decisions theirs, in no order
     */
    public record Batch(CycleGroup group, List<DecisionRecord> decisions) {

        public Batch {
            decisions = List.copyOf(decisions);
        }
    }

    private record Waiting(LoggedCycle cycle, List<DecisionRecord> decisions) {}

    private final DecisionLog ledger;
    private final RecentDecisions recent;
    private final Map<TraceId, PriorDecision> decided = new HashMap<>();
    private String stateKey = "";
    private final List<Waiting> waiting = new ArrayList<>();
    private @Nullable Batch inFlight;
    private long previousCycle = -1;
    private int decisionsWaiting;

    /** Nothing waits yet. */
    public CycleBuffer(DecisionLog ledger, RecentDecisions recent) {
        this.ledger = ledger;
        this.recent = recent;
    }

    @Override
    public String identity() {
        return ledger.identity();
    }

    @Override
    public void record(LoggedCycle cycle, Iterable<DecisionRecord> decisions) {
        List<DecisionRecord> kept = new ArrayList<>();
        decisions.forEach(kept::add);
        waiting.add(new Waiting(cycle, kept));
        kept.stream().filter(decision -> decision.completion() != CompletionReason.LATE_SPANS)
                .forEach(decision -> decided.put(decision.trace().traceId(), prior(decision)));
        decisionsWaiting += kept.size();
    }

    private static PriorDecision prior(DecisionRecord decision) {
        return new PriorDecision(decision.cycle(), decision.decision().outcome(), decision.decision().policy(),
                decision.decision().threshold());
    }

    @Override
    public Map<TraceId, PriorDecision> find(String source, Collection<TraceId> traceIds) {
        Map<TraceId, PriorDecision> found = new HashMap<>();
        List<TraceId> others = new ArrayList<>();
        for (TraceId traceId : traceIds) {
            PriorDecision here = decided.get(traceId);
            if (here == null) {
                others.add(traceId);
            } else {
                found.put(traceId, here);
            }
        }
        if (!others.isEmpty()) {
            found.putAll(recent.find(source, others));
        }
        return found;
    }

    /** Decisions of cycles that are recorded go to the store at once; those that wait go there with their cycle. */
    @Override
    public void remember(String source, long cycle, Iterable<DecisionRecord> decisions) {
        stateKey = source;
        if (waiting.stream().noneMatch(waits -> waits.cycle().cycle() == cycle)) {
            recent.remember(source, cycle, decisions);
        }
    }

    @Override
    public long newestCycle(String source) {
        return recent.newestCycle(source);
    }

    @Override
    public long forgetOlderThan(Instant decidedBefore) {
        return recent.forgetOlderThan(decidedBefore);
    }

    /**
     * What is to be recorded next; the same again until it is {@link #recorded}.
     *
     * @param exportedThroughInclusive cycles after this one have to wait for their exports
     */
    public Optional<Batch> next(long exportedThroughInclusive) {
        if (inFlight == null) {
            List<Waiting> done = waiting.stream()
                    .takeWhile(cycle -> cycle.cycle().cycle() <= exportedThroughInclusive).toList();
            inFlight = done.isEmpty() ? null : batch(done);
        }
        return Optional.ofNullable(inFlight);
    }

    private Batch batch(List<Waiting> done) {
        LoggedCycle last = done.getLast().cycle();
        List<CycleGroup.ReadUpTo> earlier = done.subList(0, done.size() - 1).stream().map(Waiting::cycle)
                .map(cycle -> new CycleGroup.ReadUpTo(cycle.cycle(), cycle.cursor().nextOffsets())).toList();
        return new Batch(new CycleGroup(previousCycle, earlier, last),
                done.stream().flatMap(cycle -> cycle.decisions().stream()).toList());
    }

    /** Whether this batch is what {@link #next} gave last and was not recorded yet. */
    public boolean isInFlight(Batch batch) {
        return inFlight != null
                && inFlight.group().last().cycleId().equals(batch.group().last().cycleId());
    }

    /** What {@link #next} gave is in the ledger. */
    public void recorded() {
        Batch done = inFlight;
        if (done == null) {
            throw new IllegalStateException("nothing was to be recorded");
        }
        long through = done.group().last().cycle();
        recent.remember(stateKey, through, done.decisions());
        done.decisions().forEach(decision -> decided.remove(decision.trace().traceId()));
        waiting.removeIf(cycle -> cycle.cycle().cycle() <= through);
        decisionsWaiting -= done.decisions().size();
        previousCycle = through;
        inFlight = null;
    }

    /** Decisions that wait. */
    public int decisionsWaiting() {
        return decisionsWaiting;
    }

    /** What is said here first is what the next batch follows: if somebody else records meanwhile, it is refused. */
    @Override
    public Optional<LoggedCycle> latest(String source) {
        if (!waiting.isEmpty()) {
            return Optional.of(waiting.getLast().cycle());
        }
        Optional<LoggedCycle> latest = ledger.latest(source);
        if (previousCycle < 0) {
            previousCycle = latest.map(LoggedCycle::cycle).orElse(0L);
        }
        return latest;
    }

    @Override
    public long fencingToken(String source) {
        return ledger.fencingToken(source);
    }

    @Override
    public void fence(String source, long token, String runId) {
        ledger.fence(source, token, runId);
    }

    @Override
    public List<LoggedCycle> cycles(String source, long fromCycleInclusive) {
        List<LoggedCycle> cycles = new ArrayList<>(ledger.cycles(source, fromCycleInclusive));
        waiting.stream().map(Waiting::cycle).filter(cycle -> cycle.cycle() >= fromCycleInclusive)
                .forEach(cycles::add);
        return cycles;
    }

    /** What waits is told of by the numbers of its cycles only, and whatever the filter says of its traces. */
    @Override
    public void forEach(DecisionFilter filter, Consumer<DecisionRecord> action) {
        ledger.forEach(filter, action);
        waiting.stream()
                .filter(cycle -> cycle.cycle().cycle() >= filter.fromCycleInclusive()
                        && cycle.cycle().cycle() <= filter.toCycleInclusive())
                .flatMap(cycle -> cycle.decisions().stream()).forEach(action);
    }
}
