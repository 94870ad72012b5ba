package dev.tailsampling.selector;

import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import java.util.Comparator;
import java.util.Objects;

/**
 * Which policy decided, and what.
 *
 * @param policy name of the policy, or of a force rule as decisions have it; empty when no policy matched
 * @param outcome what became of the trace
 */
public record PolicyOutcome(String policy, Outcome outcome) implements Comparable<PolicyOutcome> {

    private static final Comparator<PolicyOutcome> ORDER =
            Comparator.comparing(PolicyOutcome::policy).thenComparing(PolicyOutcome::outcome);

    static PolicyOutcome of(Decision decision) {
        return new PolicyOutcome(Objects.requireNonNullElse(decision.policy(), ""), decision.outcome());
    }

    @Override
    public int compareTo(PolicyOutcome other) {
        return ORDER.compare(this, other);
    }
}
