package dev.tailsampling.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in front of the ledger: the cycles of one source wait here, after their exports, until they are recorded
 * together. Until then nothing of them is sure but that they will be decided in the same way again. Not thread-safe.
 */
public final class CycleBuffer implements DecisionLog {

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
    private final List<Waiting> waiting = new ArrayList<>();
    private @Nullable Batch inFlight;
    private long previousCycle = -1;
    private int decisionsWaiting;

    /** Nothing waits yet. */
    public CycleBuffer(DecisionLog ledger) {
        this.ledger = ledger;
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
        decisionsWaiting += kept.size();
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
        if (previousCycle < 0) {
            previousCycle = ledger.latest(last.source()).map(LoggedCycle::cycle).orElse(0L);
        }
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
        waiting.removeIf(cycle -> cycle.cycle().cycle() <= through);
        decisionsWaiting -= done.decisions().size();
        previousCycle = through;
        inFlight = null;
    }

    /** Decisions that wait. */
    public int decisionsWaiting() {
        return decisionsWaiting;
    }

    @Override
    public Optional<LoggedCycle> latest(String source) {
        return waiting.isEmpty() ? ledger.latest(source) : Optional.of(waiting.getLast().cycle());
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
