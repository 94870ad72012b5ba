package dev.tailsampling.policy;

import java.util.List;

/**
 * Why a decision is what it is.
 *
 * @param because why this policy decided, and no other; one sentence
 * @param rules the force rules in the order in which they were asked, up to the one that decided
 * @param policies every policy, in the order of the set
 */
public record Explanation(String because, List<PolicyFinding> rules, List<PolicyFinding> policies) {
    public Explanation {
        rules = List.copyOf(rules);
        policies = List.copyOf(policies);
    }
}
