package dev.tailsampling.store;

import dev.tailsampling.selector.PolicyActivation;
import dev.tailsampling.selector.PolicyActivation.Origin;
import dev.tailsampling.selector.PolicyHistory;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Activations of policy sets in this process's memory. The reference for what the port means. Thread-safe. */
public final class MemoryPolicyHistory implements PolicyHistory {

    private final InstantSource clock;
    private final Deque<PolicyActivation> newestFirst = new ArrayDeque<>();

    /**
     * No activations yet.
     *
     * @param clock gives the times of activations
     */
    public MemoryPolicyHistory(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Optional<PolicyActivation> activate(long known, Origin origin, String author, String version,
            String text) {
        if (known != newestFirst.size()) {
            return Optional.empty();
        }
        newestFirst.addFirst(new PolicyActivation(known + 1, clock.instant().truncatedTo(ChronoUnit.MILLIS), author,
                origin, version, text));
        return newest();
    }

    @Override
    public synchronized Optional<PolicyActivation> newest() {
        return Optional.ofNullable(newestFirst.peekFirst());
    }

    @Override
    public synchronized Optional<PolicyActivation> newest(Origin origin) {
        return newestFirst.stream().filter(activation -> activation.origin() == origin).findFirst();
    }

    @Override
    public synchronized List<PolicyActivation> list(int limit) {
        return newestFirst.stream().limit(limit).toList();
    }
}
