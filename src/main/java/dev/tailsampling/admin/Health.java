package dev.tailsampling.admin;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * How the service and what it depends on are. Answers are cheap and come in time, however many ask and whatever hangs:
 * components are asked together, each once at a time, and what they said is used again for a while. Thread-safe.
 */
public final class Health {

    /** How long a component may take to answer. */
    public static final Duration STANDARD_TIMEOUT = Duration.ofSeconds(2);

    /** How long an answer is used. */
    public static final Duration STANDARD_FRESHNESS = Duration.ofSeconds(5);

    private enum Phase {
        STARTING, RUNNING, DRAINING
    }

    private final List<ComponentCheck> checks;
    private final Duration timeout;
    private volatile Phase phase = Phase.STARTING;

    /**
     * Asks nothing yet; not ready before {@link #started}.
     *
     * @param components in the order of reports
     * @param clock wall-clock time
     * @param timeout how long a report waits for components
     * @param freshFor how long an answer is used
     */
    public Health(List<HealthComponent> components, InstantSource clock, Duration timeout, Duration freshFor) {
        this.checks = components.stream()
                .map(component -> new ComponentCheck(component, clock, timeout, freshFor)).toList();
        this.timeout = timeout;
    }

    /** From now on it is ready, unless a critical component is down. */
    public void started() {
        phase = Phase.RUNNING;
    }

    /** From now on it is not ready any more. */
    public void draining() {
        phase = Phase.DRAINING;
    }

    /** Why no requests should be sent here, in one sentence; empty if they may. */
    public Optional<String> notReady() {
        return switch (phase) {
            case STARTING -> Optional.of("the service is starting");
            case DRAINING -> Optional.of("the service is stopping");
            case RUNNING -> report().components().entrySet().stream()
                    .filter(component -> component.getValue().isCriticalAndDown()).findFirst()
                    .map(component -> component.getKey() + " is down: " + component.getValue().detail());
        };
    }

    HealthReport report() {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        List<CompletableFuture<ComponentState>> begun = checks.stream().map(ComponentCheck::begin).toList();
        Map<String, ComponentState> states = new LinkedHashMap<>();
        for (int i = 0; i < checks.size(); i++) {
            ComponentCheck check = checks.get(i);
            states.put(check.component().name(), check.await(begun.get(i), deadlineNanos));
        }
        return new HealthReport(states);
    }

    List<String> names() {
        return checks.stream().map(check -> check.component().name()).toList();
    }

    /** Whether the component was up when it was last asked. */
    boolean isUp(String name) {
        return checks.stream().anyMatch(check -> check.component().name().equals(name) && check.isUp());
    }
}
