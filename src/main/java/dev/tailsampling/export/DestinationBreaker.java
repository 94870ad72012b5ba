package dev.tailsampling.export;

import dev.failsafe.CircuitBreaker;
import dev.tailsampling.selector.DestinationObserver.BreakerState;
import dev.tailsampling.selector.ExportOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Keeps everybody in a process from waiting for a destination that is away: after some batches in a row whose outcome is
 * unknown it is left alone for a while, then one batch tries it. Thread-safe, shared by the exporters to one destination.
 */
public final class DestinationBreaker {

    private static final int FAILURES_IN_A_ROW = 2;
    private static final Duration LEFT_ALONE = Duration.ofSeconds(15);

    private final CircuitBreaker<ExportOutcome> breaker;
    private final AtomicReference<String> problem = new AtomicReference<>("");

    /** Lets everything pass at first. */
    public DestinationBreaker() {
        this(LEFT_ALONE, state -> {});
    }

    /** Lets everything pass at first, and tells of each change. */
    public DestinationBreaker(Consumer<BreakerState> observer) {
        this(LEFT_ALONE, observer);
    }

    DestinationBreaker(Duration leftAlone, Consumer<BreakerState> observer) {
        breaker = CircuitBreaker.<ExportOutcome>builder().withFailureThreshold(FAILURES_IN_A_ROW)
                .withSuccessThreshold(1).withDelay(leftAlone)
                .onOpen(change -> observer.accept(BreakerState.OPEN))
                .onHalfOpen(change -> observer.accept(BreakerState.HALF_OPEN))
                .onClose(change -> observer.accept(BreakerState.CLOSED)).build();
    }

    /** Whether a batch may be sent now. Who is let pass has to say what came of it. */
    boolean lets() {
        return breaker.tryAcquirePermit();
    }

    /** What came of a batch. A refusal is an answer, so the destination is there. */
    ExportOutcome noted(ExportOutcome outcome) {
        if (outcome instanceof ExportOutcome.Unknown unknown) {
            problem.set(unknown.reason());
            breaker.recordFailure();
        } else {
            problem.set("");
            breaker.recordSuccess();
        }
        return outcome;
    }

    /** A batch came to no end at all. */
    void failed(Throwable failure) {
        problem.set(String.valueOf(failure.getMessage()));
        breaker.recordFailure();
    }

    /** Why the last batch may not have arrived; empty if it did, or none was sent. */
    public Optional<String> problem() {
        return Optional.of(problem.get()).filter(sentence -> !sentence.isEmpty());
    }
}
