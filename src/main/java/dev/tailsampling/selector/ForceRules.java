package dev.tailsampling.selector;

import dev.tailsampling.policy.ForceRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** What people do with force rules, within the limits. As thread-safe as the store. */
public final class ForceRules {

    /** The most rules there may be, expired ones included. */
    public static final int MAX_RULES = 1_000;

    /** The shortest time that a rule is made or extended for. */
    public static final Duration MIN_LIFETIME = Duration.ofSeconds(1);

    /** The longest time that a rule can still have before it. */
    public static final Duration MAX_LIFETIME = Duration.ofDays(30);

    private final ForceRuleStore store;
    private final InstantSource clock;
    private final String author;

    /**
     * For one person's changes.
     *
     * @param author who it is, for the record
     */
    public ForceRules(ForceRuleStore store, InstantSource clock, String author) {
        this.store = store;
        this.clock = clock;
        this.author = author;
    }

    /** All rules, active or not, in the order in which they are asked. */
    public List<ForceRule> list() {
        return store.list();
    }

    /** The rule of that id. */
    public Optional<ForceRule> get(String id) {
        return store.get(id);
    }

    /** All changes ever made to the rule of that id, oldest first. */
    public List<RuleChange> changes(String id) {
        return store.changes(id);
    }

    /**
     * Makes a rule that applies from now on.
     *
     * @param id never used before
     * @throws ForceRuleException if there are too many
     */
    public ForceRule add(ForceRuleRequest request, String id) {
        if (store.list().size() >= MAX_RULES) {
            throw new ForceRuleException("there are " + MAX_RULES
                    + " force rules already, the most there may be: delete some, or clean up the expired ones");
        }
        ForceRule rule = request.create(id, now());
        if (!store.add(rule, author)) {
            throw new ForceRuleException("there is a force rule " + id + " already: choose another id");
        }
        return rule;
    }

    /**
     * Lets a rule end later; one that has expired applies again, from now on.
     *
     * @return the changed rule; empty if there is none of that id
     * @throws ForceRuleException if the time is too short, or the rule would have too long before it
     */
    public Optional<ForceRule> extend(String id, Duration additional) {
        Instant now = now();
        return store.change(id, RuleChange.Kind.EXTENDED, rule -> rule.withExpiresAt(
                extended(rule.expiresAt().isAfter(now) ? rule.expiresAt() : now, additional, now)), author);
    }

    private static Instant extended(Instant end, Duration additional, Instant now) {
        // Compared before adding: no sum of times overflows.
        if (additional.compareTo(MIN_LIFETIME) < 0
                || additional.compareTo(MAX_LIFETIME.minus(Duration.between(now, end))) > 0) {
            throw new ForceRuleException("a force rule is extended by at least " + MIN_LIFETIME.toSeconds()
                    + " second and at most to " + MAX_LIFETIME.toDays() + " days from now; this one ends "
                    + end + ", and " + additional.toSeconds() + " seconds were asked for");
        }
        return end.plus(additional);
    }

    /** Makes a rule apply, if it has not expired. Returns it; empty if there is none of that id. */
    public Optional<ForceRule> enable(String id) {
        return store.change(id, RuleChange.Kind.ENABLED, rule -> rule.withEnabled(true), author);
    }

    /** Makes a rule not apply until it is enabled. Returns it; empty if there is none of that id. */
    public Optional<ForceRule> disable(String id) {
        return store.change(id, RuleChange.Kind.DISABLED, rule -> rule.withEnabled(false), author);
    }

    /** Deletes a rule; returns whether there was one of that id. */
    public boolean delete(String id) {
        return store.delete(id, author);
    }

    /** Deletes the rules that have expired; returns how many. */
    public int cleanUp() {
        Instant now = now();
        return (int) store.list().stream()
                .filter(rule -> !rule.expiresAt().isAfter(now) && store.delete(rule.id(), author)).count();
    }

    /** Stores keep milliseconds. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
