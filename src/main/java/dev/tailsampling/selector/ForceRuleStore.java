package dev.tailsampling.selector;

import dev.tailsampling.policy.ForceRule;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Force rules by id, and the record of who changed them. Each change is one transaction. Failures are
 * {@link java.io.UncheckedIOException}. Thread-safe.
 */
public interface ForceRuleStore {

    /** A number that grows with every change; 0 when there was none. */
    long revision();

    /** All rules, active or not, in the order in which they are asked. */
    List<ForceRule> list();

    /** The rule of that id. */
    Optional<ForceRule> get(String id);

    /**
     * Adds a rule.
     *
     * @param author who does it
     * @return whether it was added: there was none of that id yet
     */
    boolean add(ForceRule rule, String author);

    /**
     * Replaces a rule by what becomes of it.
     *
     * @param kind what the change is
     * @param change may be called more than once; what it throws leaves the rule as it was
     * @param author who does it
     * @return the changed rule; empty if there is none of that id
     */
    Optional<ForceRule> change(String id, RuleChange.Kind kind, UnaryOperator<ForceRule> change, String author);

    /**
     * Deletes a rule; what was changed of it stays on record.
     *
     * @param author who does it
     * @return whether there was one of that id
     */
    boolean delete(String id, String author);

    /** All changes ever made to the rule of that id, oldest first. */
    List<RuleChange> changes(String id);
}
