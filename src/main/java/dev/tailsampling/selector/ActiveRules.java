package dev.tailsampling.selector;

import dev.tailsampling.policy.ForceRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The force rules that apply at the moment. The store is asked now and then only. Not thread-safe. */
public final class ActiveRules {

    private final ForceRuleStore store;
    private final Duration pollInterval;
    private final InstantSource clock;
    private List<ForceRule> all = List.of();
    private long revision;
    private @Nullable Instant polledAt;

    /** Reads nothing yet. */
    public ActiveRules(ForceRuleStore store, Duration pollInterval, InstantSource clock) {
        this.store = store;
        this.pollInterval = pollInterval;
        this.clock = clock;
    }

    /** In the order in which they are asked. What was changed within the poll interval may not be noticed yet. */
    public List<ForceRule> now() {
        Instant now = clock.instant();
        // A clock that was set back must not put off the next poll.
        if (polledAt == null || now.isBefore(polledAt) || !now.isBefore(polledAt.plus(pollInterval))) {
            poll();
            polledAt = now;
        }
        return ForceRule.active(all, now);
    }

    /** The revision is read first: a change that comes in between is noticed at the next poll. */
    private void poll() {
        long current = store.revision();
        if (current != revision) {
            all = store.list();
            revision = current;
        }
    }
}
