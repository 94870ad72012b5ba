package dev.tailsampling.selector;

import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.SpanMatch;
import java.time.Duration;
import java.time.Instant;

/**
 * A force rule that somebody asks for.
 *
 * @param description for people, may be empty
 * @param lifetime how long it applies, {@link ForceRules#MIN_LIFETIME} to {@link ForceRules#MAX_LIFETIME}
 * @param priority the matching rule of highest priority decides
 * @param match what one span of a trace has to satisfy
 * @param action what becomes of the trace
 */
public record ForceRuleRequest(String description, Duration lifetime, int priority, SpanMatch match,
        ForceRule.Action action) {

    public ForceRuleRequest {
        if (lifetime.compareTo(ForceRules.MIN_LIFETIME) < 0 || lifetime.compareTo(ForceRules.MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException("duration_secs must be from " + ForceRules.MIN_LIFETIME.toSeconds()
                    + " to " + ForceRules.MAX_LIFETIME.toSeconds() + ", not " + lifetime.toSeconds());
        }
    }

    /** The rule, which applies from now on. */
    public ForceRule create(String id, Instant now) {
        return new ForceRule(id, description, priority, match, action, now, now.plus(lifetime), true);
    }
}
