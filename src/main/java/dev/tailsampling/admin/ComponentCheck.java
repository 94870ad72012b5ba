package dev.tailsampling.admin;

import dev.tailsampling.config.SecretMask;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks one component how it is, at most once at a time and not again while the last answer is fresh. One that does not
 * answer in time is down until it does. Thread-safe.
 */
final class ComponentCheck {

    private static final int MAX_DETAIL_CHARS = 500;

    private final HealthComponent component;
    private final InstantSource clock;
    private final Duration timeout;
    private final Duration freshFor;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<ComponentState> running;
    private @Nullable ComponentState known;
    private Instant knownAt = Instant.MIN;

    ComponentCheck(HealthComponent component, InstantSource clock, Duration timeout, Duration freshFor) {
        this.component = component;
        this.clock = clock;
        this.timeout = timeout;
        this.freshFor = freshFor;
    }

    HealthComponent component() {
        return component;
    }

    /** Whether it was up when it was last asked. */
    boolean isUp() {
        lock.lock();
        try {
            return known != null && known.isUp();
        } finally {
            lock.unlock();
        }
    }

    /** The state, as soon as it is known. */
    CompletableFuture<ComponentState> begin() {
        lock.lock();
        try {
            ComponentState state = known;
            if (state != null && clock.instant().isBefore(knownAt.plus(freshFor))) {
                return CompletableFuture.completedFuture(state);
            }
            CompletableFuture<ComponentState> check = running;
            if (check == null) {
                check = new CompletableFuture<>();
                running = check;
                Thread.ofVirtual().name("health-" + component.name()).start(this::ask);
            }
            return check;
        } finally {
            lock.unlock();
        }
    }

    private void ask() {
        String problem;
        try {
            problem = component.check().get().orElse(null);
        } catch (RuntimeException e) {
            problem = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        }
        ended(problem);
    }

    private void ended(@Nullable String problem) {
        lock.lock();
        try {
            ComponentState state = note(problem);
            CompletableFuture<ComponentState> check = running;
            running = null;
            if (check != null) {
                check.complete(state);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The state, or that it did not answer before the deadline (of {@link System#nanoTime}). */
    ComponentState await(CompletableFuture<ComponentState> begun, long deadlineNanos) {
        try {
            return begun.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return overdue(begun);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return overdue(begun);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a check ends without an exception", e);
        }
    }

    /** What is known is asked for again when it is no longer fresh: then the answer may have come. */
    private ComponentState overdue(CompletableFuture<ComponentState> begun) {
        lock.lock();
        try {
            return begun.isDone() ? begun.join() : note("no answer within " + timeout.toMillis() + " ms");
        } finally {
            lock.unlock();
        }
    }

    private ComponentState note(@Nullable String problem) {
        Instant now = clock.instant();
        ComponentState.Status status = problem == null ? ComponentState.Status.UP : ComponentState.Status.DOWN;
        ComponentState before = known;
        Instant since = before != null && before.status() == status ? before.since() : now;
        String detail = Optional.ofNullable(problem).map(ComponentCheck::shown).orElse(null);
        ComponentState state = new ComponentState(component.weight(), status, detail, since);
        known = state;
        knownAt = now;
        return state;
    }

    private static String shown(String problem) {
        String line = SecretMask.inText(problem).replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_DETAIL_CHARS ? line : line.substring(0, MAX_DETAIL_CHARS) + "…";
    }
}
