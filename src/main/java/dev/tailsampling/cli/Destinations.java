package dev.tailsampling.cli;

import dev.tailsampling.cli.DestinationPlan.Sharing;
import dev.tailsampling.export.BreakerExporter;
import dev.tailsampling.export.DestinationBreaker;
import dev.tailsampling.export.QueuedExporter;
import dev.tailsampling.export.SharedExporter;
import dev.tailsampling.selector.DestinationObserver;
import dev.tailsampling.selector.TraceExporter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The destinations of a process: whoever exports to one shares its exporter, its queue and what is known of its state.
 * Thread-safe.
 */
final class Destinations {

    private static final int SIMULTANEOUS_BATCHES = 8;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Map<String, SharedExporter> shared = new ConcurrentHashMap<>();
    private final Map<String, DestinationBreaker> breakers = new ConcurrentHashMap<>();
    private volatile DestinationObserver observer = DestinationObserver.NONE;

    /** From now on new exporters tell this one. */
    void watchedBy(DestinationObserver watching) {
        observer = watching;
    }

    /** An exporter to a destination, which its user closes. */
    TraceExporter open(DestinationPlan plan, int queueBytes, InstantSource clock) {
        return plan.sharing() == Sharing.NOBODY
                ? guarded(plan, queueBytes, clock)
                : shared.computeIfAbsent(plan.key(),
                        unseen -> new SharedExporter(() -> guarded(plan, queueBytes, clock))).use();
    }

    private TraceExporter guarded(DestinationPlan plan, int queueBytes, InstantSource clock) {
        TraceExporter exporter = plan.opener().get();
        TraceExporter guarded = switch (plan.guard()) {
            case NONE -> exporter;
            case BREAKER -> new BreakerExporter(exporter, breaker(plan.name()));
        };
        int simultaneous = switch (plan.sharing()) {
            case NOBODY, IN_TURN -> 1;
            case AT_ONCE -> SIMULTANEOUS_BATCHES;
        };
        return new QueuedExporter(guarded, new QueuedExporter.Limits(queueBytes, simultaneous, LONGEST_WAIT), observer,
                clock);
    }

    private DestinationBreaker breaker(String name) {
        return breakers.computeIfAbsent(name,
                unseen -> new DestinationBreaker(state -> observer.breaker(name, state)));
    }

    /** Why the last batch to a server may not have arrived; empty if it did everywhere. */
    Optional<String> problem() {
        return Optional.of(breakers.values().stream().flatMap(breaker -> breaker.problem().stream())
                .collect(Collectors.joining("; "))).filter(problems -> !problems.isEmpty());
    }
}
