package dev.tailsampling.selector;

import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Recent decisions in one of two stores, as when the usual one is away for a while. It changes when it is asked what it
 * knows, and at no other time.
 */
final class SwitchingRecent implements RecentDecisions {

    private final List<RecentDecisions> stores = List.of(new MemoryState(), new MemoryState());
    private final Random random;
    private RecentDecisions current = stores.getFirst();

    SwitchingRecent(Random random) {
        this.random = random;
    }

    @Override
    public long newestCycle(String source) {
        current = stores.get(random.nextInt(4) / 3);
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
