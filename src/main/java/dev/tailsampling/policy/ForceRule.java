package dev.tailsampling.policy;

import dev.tailsampling.trace.Threshold;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that goes before all policies while it lasts: traces with a span that matches it are kept or dropped.
 *
 * @param id unique among rules
 * @param description for people
 * @param priority the matching rule of highest priority decides; of equal ones that which was created first
 * @param match what one span of the trace has to satisfy, with its own resource
 * @param action what becomes of the trace
 * @param createdAt when it was made
 * @param expiresAt from when on it no longer applies
 * @param enabled whether it applies at all
 */
public record ForceRule(String id, String description, int priority, SpanMatch match, Action action,
        Instant createdAt, Instant expiresAt, boolean enabled) {

    /** In the order in which rules are asked. */
    public static final Comparator<ForceRule> ORDER = Comparator.comparingInt(ForceRule::priority).reversed()
            .thenComparing(ForceRule::createdAt).thenComparing(ForceRule::id);

    private static final String POLICY_PREFIX = "force_rule:";

    /** What becomes of a trace that matches. */
    public sealed interface Action {

        /**
         * Keep it, or this share of such traces; those outside the share are left to the rules and policies that follow.
         *
         * @param rate the share
         */
        record ForceKeep(Threshold rate) implements Action {}

        /** Drop it. */
        record ForceDrop() implements Action {}
    }

    public ForceRule {
        if (id.isBlank()) {
            throw new IllegalArgumentException("a force rule needs an id");
        }
    }

    /** The name under which decisions and votes refer to it: {@code force_rule:<id>}. */
    public String policyName() {
        return POLICY_PREFIX + id;
    }

    /** Id of the rule that decisions refer to by this name; null if it is the name of a policy. */
    public static @Nullable String idOf(@Nullable String policyName) {
        return policyName != null && policyName.startsWith(POLICY_PREFIX)
                ? policyName.substring(POLICY_PREFIX.length())
                : null;
    }

    /** The same rule, made to apply or not. */
    public ForceRule withEnabled(boolean applies) {
        return new ForceRule(id, description, priority, match, action, createdAt, expiresAt, applies);
    }

    /** The same rule with another end. */
    public ForceRule withExpiresAt(Instant end) {
        return new ForceRule(id, description, priority, match, action, createdAt, end, enabled);
    }

    /** Whether the rule applies at that time. */
    public boolean isActive(Instant now) {
        return enabled && now.isBefore(expiresAt);
    }

    /** Those of the rules that apply at that time, in the order in which they are asked. */
    public static List<ForceRule> active(List<ForceRule> rules, Instant now) {
        return rules.stream().filter(rule -> rule.isActive(now)).sorted(ORDER).toList();
    }
}
