package dev.tailsampling.cli;

import dev.tailsampling.config.StoredPolicies;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.PolicySet;
import java.util.List;

/**
 * Policies to decide with.
 *
 * @param set the policies
 * @param text from which they can be read again, kept under the set's version so that decisions can be explained later
 */
record LoadedPolicies(PolicySet set, String text) {

    /** The same behind these force rules, which apply in this order. */
    LoadedPolicies withForceRules(List<ForceRule> rules) {
        return new LoadedPolicies(set.withForceRules(rules), StoredPolicies.text(text, rules));
    }
}
