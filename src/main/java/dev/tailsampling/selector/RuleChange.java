package dev.tailsampling.selector;

import dev.tailsampling.policy.ForceRule;
import java.time.Instant;

/**
 * One change of a force rule.
 *
 * @param at when it was made, in whole milliseconds
 * @param author who made it
 * @param kind what it was
 * @param rule the rule after it; of a deletion, the rule that was deleted
 */
public record RuleChange(Instant at, String author, Kind kind, ForceRule rule) {

    /** What can be done to a rule. */
    public enum Kind {
        ADDED, EXTENDED, ENABLED, DISABLED, DELETED
    }
}
