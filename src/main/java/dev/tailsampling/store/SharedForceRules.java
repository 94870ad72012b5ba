package dev.tailsampling.store;

import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.RuleChange;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Force rules that several instances share through Redis, each with a copy of its own or a common one in SQL, which also has
 * the record of who changed what. Changes are made in Redis, one after another, and noted in the copy; an instance that sees
 * a change of another notes it in its copy, too. When Redis comes back without rules, the first instance that notices puts
 * those of its copy there; so it does when Redis comes back older than any instance with that copy has seen it. While Redis is away the rules of the copy are read, and none can be changed. Thread-safe.
 */
public final class SharedForceRules implements ForceRuleStore {

    /** From so many rules on, long expired ones are deleted when one is added. */
    static final int CROWDED = 500;
    private static final Duration KEPT_AFTER_END = Duration.ofDays(1);
    private static final String CLEANER = "expired";
    private static final String RESTORED = "redis";
    private static final int ATTEMPTS = 100;

    private final RedisRules shared;
    private final ForceRuleCopy copy;
    private final InstantSource clock;
    private final Object copying = new Object();
    private long copiedRevision;
    private long seenRevision;
    private volatile @Nullable String copyProblem;

    SharedForceRules(RedisRules shared, ForceRuleCopy copy, InstantSource clock) {
        this.shared = shared;
        this.copy = copy;
        this.clock = clock;
    }

    /** Why the copy is behind, in one sentence; empty if it is not. It catches up when the revision is asked for. */
    public Optional<String> problem() {
        return Optional.ofNullable(copyProblem);
    }

    /** That of Redis, greater than a million; while Redis is away, that of the copy. */
    @Override
    public long revision() {
        try {
            long revision = polledRevision();
            if (revision != copied()) {
                catchUp(shared.read());
            }
            return revision;
        } catch (UncheckedIOException e) {
            return copy.revision();
        }
    }

    @Override
    public List<ForceRule> list() {
        try {
            polledRevision();
            RedisRules.Content content = shared.read();
            catchUp(content);
            return content.rules().values().stream().sorted(ForceRule.ORDER).toList();
        } catch (UncheckedIOException e) {
            return copy.list();
        }
    }

    @Override
    public Optional<ForceRule> get(String id) {
        try {
            polledRevision();
            return shared.get(id).map(RedisRules.Stored::rule);
        } catch (UncheckedIOException e) {
            return copy.get(id);
        }
    }

    @Override
    public List<RuleChange> changes(String id) {
        return copy.changes(id);
    }

    @Override
    public boolean add(ForceRule rule, String author) {
        return changing(() -> {
            requireRevision();
            makeRoom();
            return noted(RuleChange.Kind.ADDED, rule, author, () -> shared.add(rule, author));
        });
    }

    @Override
    public Optional<ForceRule> change(String id, RuleChange.Kind kind, UnaryOperator<ForceRule> change,
            String author) {
        return changing(() -> {
            currentRevision();
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<RedisRules.Stored> before = shared.get(id);
                if (before.isEmpty()) {
                    return Optional.empty();
                }
                ForceRule after = change.apply(before.get().rule());
                if (noted(kind, after, author, () -> shared.replace(before.get(), kind, after, author))) {
                    return Optional.of(after);
                }
            }
            throw RedisState.failure("force rule " + id + " is being changed by others all the time: try again",
                    new IllegalStateException(id));
        });
    }

    @Override
    public boolean delete(String id, String author) {
        return changing(() -> {
            currentRevision();
            for (Optional<RedisRules.Stored> before = shared.get(id); before.isPresent(); before = shared.get(id)) {
                RedisRules.Stored found = before.get();
                if (noted(RuleChange.Kind.DELETED, found.rule(), author, () -> shared.delete(found, author))) {
                    return true;
                }
            }
            return false;
        });
    }

    private static <T> T changing(Supplier<T> change) {
        try {
            return change.get();
        } catch (UncheckedIOException e) {
            throw RedisState.failure(e.getMessage() + "; force rules cannot be changed meanwhile, those known go on to "
                    + "apply: list them before you try again", e);
        }
    }

    /** What was copied last is not checked again: a poll that finds nothing new needs no SQL. */
    private long polledRevision() {
        long revision = shared.revision();
        return revision != 0 && revision == copied() ? revision : checked(revision);
    }

    private long currentRevision() {
        return checked(shared.revision());
    }

    /** That of Redis; 0 if it has no rules and the copy has none either. Rules that Redis has lost are put back. */
    private long checked(long revision) {
        long seen = seen(Math.max(revision, seenByOthers()));
        if (revision < seen || revision == 0) {
            List<ForceRule> known = copy.list();
            return known.isEmpty() && revision == 0 ? 0 : restore(revision, known);
        }
        return revision;
    }

    /** Also what this instance has seen before it was started anew. A copy that is away does not stop what goes without. */
    private long seenByOthers() {
        try {
            return copy.sharedRevision();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    /** Makes sure that Redis counts revisions, so that a rule is never added to an empty Redis while the copy has more. */
    private void requireRevision() {
        if (currentRevision() == 0) {
            restore(0, List.of());
        }
    }

    /** Revisions go on from the time, greater than any before: what instances have seen is never taken for what is new. */
    private long restore(long expectedRevision, List<ForceRule> rules) {
        return seen(shared.restore(expectedRevision, Math.max(clock.millis(), seen(0) + 1), rules));
    }

    private long seen(long revision) {
        synchronized (copying) {
            seenRevision = Math.max(seenRevision, revision);
            return seenRevision;
        }
    }

    private long copied() {
        synchronized (copying) {
            return copiedRevision;
        }
    }

    private void makeRoom() {
        Map<String, ForceRule> rules = shared.size() < CROWDED ? Map.of() : shared.read().rules();
        for (ForceRule rule : new ArrayList<>(rules.values())) {
            if (rule.expiresAt().plus(KEPT_AFTER_END).isBefore(clock.instant())) {
                delete(rule.id(), CLEANER);
            }
        }
    }

    /**
     * Makes a change and notes it. A copy that fails catches up later.
     *
     * @param change returns the new revision, 0 if nothing was changed
     */
    private boolean noted(RuleChange.Kind kind, ForceRule rule, String author, LongSupplier change) {
        // Locked, so that a poll in between does not note it too.
        synchronized (copying) {
            long revision = change.getAsLong();
            if (revision == 0) {
                return false;
            }
            seenRevision = Math.max(seenRevision, revision);
            try {
                // Before the change: it may be copied once more, but is never taken for newer than an older Redis.
                copy.meetSharedRevision(revision);
                put(kind, rule, author);
                if (copiedRevision == revision - 1) {
                    copiedRevision = revision;
                }
            } catch (UncheckedIOException e) {
                copyProblem = e.getMessage();
            }
            return true;
        }
    }

    /** A common copy may have it from another instance by now. */
    private void put(RuleChange.Kind kind, ForceRule rule, String author) {
        switch (kind) {
            case ADDED -> {
                if (!copy.add(rule, author) && !copy.get(rule.id()).equals(Optional.of(rule))) {
                    copy.change(rule.id(), kind, before -> rule, author);
                }
            }
            case DELETED -> copy.delete(rule.id(), author);
            case EXTENDED, ENABLED, DISABLED -> {
                if (copy.change(rule.id(), kind, before -> rule, author).isEmpty()) {
                    copy.add(rule, author);
                }
            }
        }
    }

    /** Makes the copy what Redis has, under the names of those who changed it. */
    private void catchUp(RedisRules.Content content) {
        synchronized (copying) {
            try {
                if (content.revision() <= copiedRevision
                        || content.revision() < seen(copy.sharedRevision())) {
                    // Read before what was noted since, or before others were seen to be newer.
                    return;
                }
                copy.meetSharedRevision(content.revision());
                List<ForceRule> own = copy.list();
                for (ForceRule rule : content.rules().values()) {
                    if (!own.contains(rule)) {
                        RedisRules.Author last = content.author(rule.id(), RuleChange.Kind.ADDED, RESTORED);
                        put(last.kind(), rule, last.name());
                    }
                }
                own.stream().filter(rule -> !content.rules().containsKey(rule.id())).forEach(
                        rule -> copy.delete(rule.id(),
                                content.author(rule.id(), RuleChange.Kind.DELETED, RESTORED).name()));
                copiedRevision = content.revision();
                copyProblem = null;
            } catch (UncheckedIOException e) {
                copyProblem = e.getMessage();
            }
        }
    }
}
