package dev.tailsampling.store;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.PriorDecision;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Recent decisions in a store that may go away, and in another one meanwhile. A call that fails still fails: whoever made
 * it tries again. Stores are changed only in {@link #newestCycle}, for that source: its answer tells the caller what the
 * store at hand has missed, and every later call goes to that same store, whatever other sources have met since.
 * Thread-safe.
 */
public final class SwitchingDecisions implements RecentDecisions {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

    private final RecentDecisions primary;
    private final RecentDecisions fallback;
    private final Duration firstPause;
    private final Duration longestPause;
    private final CircuitBreaker<Object> breaker;
    private final Set<String> away = ConcurrentHashMap.newKeySet();
    private volatile int failedProbes;
    private volatile @Nullable String problem;
    private volatile long failedAtNanos;

    /** The usual pauses between attempts at a primary store that is away: from one second to half a minute. */
    public SwitchingDecisions(RecentDecisions primary, RecentDecisions fallback) {
        this(primary, fallback, FIRST_PAUSE, LONGEST_PAUSE);
    }

    /**
     * Other pauses.
     *
     * @param firstPause after the first failure, doubled after each that follows
     * @param longestPause never longer than this
     */
    SwitchingDecisions(RecentDecisions primary, RecentDecisions fallback, Duration firstPause, Duration longestPause) {
        this.primary = primary;
        this.fallback = fallback;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
        this.breaker = CircuitBreaker.builder().handleIf(SwitchingDecisions::isAway).withFailureThreshold(1)
                .withSuccessThreshold(1).withDelayFn(context -> pause())
                .onClose(event -> failedProbes = 0).build();
    }

    private static boolean isAway(Throwable failure) {
        return failure instanceof UncheckedIOException && !(failure instanceof DecisionsChangedException);
    }

    private Duration pause() {
        int failures = failedProbes;
        failedProbes = Math.min(failures + 1, Integer.SIZE - 2);
        Duration pause = firstPause.multipliedBy(1L << failures);
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }

    /**
     * Why the primary store is not in use, in one sentence; empty while it is, and when nobody has asked it for a
     * minute: who decides on nothing at the moment does not know.
     */
    public Optional<String> problem() {
        return breaker.isClosed() || System.nanoTime() - failedAtNanos > FORGOTTEN_AFTER.toNanos()
                ? Optional.empty()
                : Optional.ofNullable(problem);
    }

    @Override
    public long newestCycle(String source) {
        try {
            long newest = ask(() -> primary.newestCycle(source));
            away.remove(source);
            return newest;
        } catch (UncheckedIOException e) {
            away.add(source);
            return fallback.newestCycle(source);
        }
    }

    @Override
    public Map<TraceId, PriorDecision> find(String source, Collection<TraceId> traceIds) {
        return away.contains(source)
                ? fallback.find(source, traceIds)
                : askAnyway(() -> primary.find(source, traceIds));
    }

    @Override
    public void remember(String source, long cycle, Iterable<DecisionRecord> decisions) {
        if (away.contains(source)) {
            fallback.remember(source, cycle, decisions);
        } else {
            askAnyway(() -> {
                primary.remember(source, cycle, decisions);
                return cycle;
            });
        }
    }

    /** In both stores; not in the primary one while it is away. */
    @Override
    public long forgetOlderThan(Instant decidedBefore) {
        long forgotten = fallback.forgetOlderThan(decidedBefore);
        return breaker.isClosed() ? forgotten + ask(() -> primary.forgetOlderThan(decidedBefore)) : forgotten;
    }

    private <T> T ask(Supplier<T> question) {
        try {
            return askNoted(question);
        } catch (CircuitBreakerOpenException e) {
            String sentence = "the store of recent decisions is not asked for the moment, after: " + problem;
            throw new UncheckedIOException(sentence, new IOException(sentence, e));
        }
    }

    /** A source in mid-cycle cannot change stores: it fails only if its store does, be it that others met it away. */
    private <T> T askAnyway(Supplier<T> question) {
        try {
            return askNoted(question);
        } catch (CircuitBreakerOpenException e) {
            return question.get();
        }
    }

    private <T> T askNoted(Supplier<T> question) {
        try {
            return Failsafe.with(breaker).get(question::get);
        } catch (UncheckedIOException e) {
            if (isAway(e)) {
                problem = e.getMessage();
                failedAtNanos = System.nanoTime();
            }
            throw e;
        }
    }
}
