package dev.tailsampling.selector;

import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Recent decisions in one of two stores, as when the usual one is away for a while.
 */
final class SwitchingRecent implements RecentDecisions {

    private final List<RecentDecisions> stores = List.of(new MemoryState(), new MemoryState());
    private final Random random;
    private RecentDecisions current = stores.getFirst();

    SwitchingRecent(Random random) {
        this.random = random;
    }

    /** Goes on with one of the stores, as they were when they were last used. */
    void changeSometimes() {
        current = stores.get(random.nextInt(4) / 3);
    }

    @Override
    public long newestCycle(String source) {
        return current.newestCycle(source);
    }

    @Override
    public Map<TraceId, PriorDecision> find(String source, Collection<TraceId> traceIds) {
        return current.find(source, traceIds);
    }

    @Override
    public void remember(String source, long cycle, Iterable<DecisionRecord> decisions) {
        current.remember(source, cycle, decisions);
    }

    @Override
    public long forgetOlderThan(Instant decidedBefore) {
        return current.forgetOlderThan(decidedBefore);
    }
}
