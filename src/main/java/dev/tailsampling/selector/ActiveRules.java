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
    public synchronized List<ForceRule> now() {
        Instant now = clock.instant();
        List<ForceRule> known = all;
        if (known == null || refreshed.getAndSet(false) || isDue(now)) {
            known = poll(known);
            polledAt = now;
        }
        return ForceRule.active(known, now);
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
