package dev.tailsampling.store;

import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.RuleChange;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Force rules in this process's memory, gone when it ends. The reference for what the port means. Thread-safe. */
public final class MemoryForceRules implements ForceRuleCopy {

    private final InstantSource clock;
    private final Map<String, ForceRule> rules = new HashMap<>();
    private final List<RuleChange> changes = new ArrayList<>();
    private long sharedRevision;

    /**
     * No rules yet.
     *
     * @param clock gives the times at which rules were changed
     */
    public MemoryForceRules(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized long revision() {
        return changes.size();
    }

    @Override
    public synchronized List<ForceRule> list() {
        return rules.values().stream().sorted(ForceRule.ORDER).toList();
    }

    @Override
    public synchronized Optional<ForceRule> get(String id) {
        return Optional.ofNullable(rules.get(id));
    }

    @Override
    public synchronized boolean add(ForceRule rule, String author) {
        boolean added = rules.putIfAbsent(rule.id(), rule) == null;
        if (added) {
            note(RuleChange.Kind.ADDED, rule, author);
        }
        return added;
    }

    @Override
    public synchronized Optional<ForceRule> change(String id, RuleChange.Kind kind, UnaryOperator<ForceRule> change,
            String author) {
        ForceRule changed = rules.computeIfPresent(id, (same, rule) -> change.apply(rule));
        if (changed != null) {
            note(kind, changed, author);
        }
        return Optional.ofNullable(changed);
    }

    @Override
    public synchronized boolean delete(String id, String author) {
        ForceRule deleted = rules.remove(id);
        if (deleted != null) {
            note(RuleChange.Kind.DELETED, deleted, author);
        }
        return deleted != null;
    }

    @Override
    public synchronized List<RuleChange> changes(String id) {
        return changes.stream().filter(change -> change.rule().id().equals(id)).toList();
    }

    @Override
    public synchronized long sharedRevision() {
        return sharedRevision;
    }

    @Override
    public synchronized void meetSharedRevision(long revision) {
        sharedRevision = Math.max(sharedRevision, revision);
    }

    private void note(RuleChange.Kind kind, ForceRule rule, String author) {
        changes.add(new RuleChange(clock.instant().truncatedTo(ChronoUnit.MILLIS), author, kind, rule));
    }
}
