package dev.tailsampling.selector;

import dev.tailsampling.policy.ForceRule;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The force rules that apply at the moment. The store is asked now and then, and after {@link #refresh}. When it fails, the
 * rules known last go on to apply. Thread-safe: one for all tables of a process.
 */
public final class ActiveRules {

    private final ForceRuleStore store;
    private final Duration pollInterval;
    private final InstantSource clock;
    private final AtomicBoolean refreshed = new AtomicBoolean();
    private volatile @Nullable List<ForceRule> all;
    private volatile long revision;
    private volatile @Nullable String problem;
    private final ReentrantLock polling = new ReentrantLock();
    private @Nullable Instant polledAt;

    /** Reads nothing yet. */
    public ActiveRules(ForceRuleStore store, Duration pollInterval, InstantSource clock) {
        this.store = store;
        this.pollInterval = pollInterval;
        this.clock = clock;
    }

    /**
     * In the order in which they are asked. What was changed within the poll interval may not be noticed yet, unless
     * {@link #refresh} was called.
     *
     * @throws UncheckedIOException if the store fails and has never been read: which rules there are is not known
     */
    public List<ForceRule> now() {
        List<ForceRule> known = all;
        // Whoever finds the store being asked goes on with what is known: one table's cycle need not wait for another's.
        if (known != null && !polling.tryLock()) {
            return ForceRule.active(known, clock.instant());
        }
        if (known == null) {
            polling.lock();
        }
        return newestAndUnlock();
    }

    /**
     * The same, but who finds the store being asked waits: every change before the last {@link #refresh} is in the answer,
     * if the store gives one.
     *
     * @throws UncheckedIOException if the store fails and has never been read
     */
    public List<ForceRule> await() {
        polling.lock();
        return newestAndUnlock();
    }

    private List<ForceRule> newestAndUnlock() {
        try {
            return ForceRule.active(newest(), clock.instant());
        } finally {
            polling.unlock();
        }
    }

    private List<ForceRule> newest() {
        List<ForceRule> known = all;
        if (known != null && !refreshed.getAndSet(false) && !isDue(clock.instant())) {
            return known;
        }
        try {
            return poll(known);
        } finally {
            // Afterwards: a store that takes longer to fail than the poll interval must not be asked all the time.
            polledAt = clock.instant();
        }
    }

    /** A clock that was set back must not put off the next poll. */
    private boolean isDue(Instant now) {
        return polledAt == null || now.isBefore(polledAt) || !now.isBefore(polledAt.plus(pollInterval));
    }

    /** The revision is read first: a change that comes in between is noticed at the next poll. */
    private List<ForceRule> poll(@Nullable List<ForceRule> known) {
        try {
            long current = store.revision();
            List<ForceRule> rules = known == null || current != revision ? store.list() : known;
            all = rules;
            revision = current;
            problem = null;
            return rules;
        } catch (UncheckedIOException e) {
            problem = e.getMessage();
            if (known == null) {
                throw e;
            }
            return known;
        }
    }

    /** Ids of all rules as they were read last, whether they apply at the moment or not. */
    public Set<String> ids() {
        List<ForceRule> known = all;
        return known == null ? Set.of() : known.stream().map(ForceRule::id).collect(Collectors.toUnmodifiableSet());
    }

    /** Makes the next call of {@link #now} ask the store: something has changed. Never blocks. */
    public void refresh() {
        refreshed.set(true);
    }

    /** Revision of the rules that apply, 0 if there never was one or nothing was read yet. */
    public long revision() {
        return revision;
    }

    /** Why the rules that apply may be out of date, in one sentence; empty if the store answered when asked last. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }
}
