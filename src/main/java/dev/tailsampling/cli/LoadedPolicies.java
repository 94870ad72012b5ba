package dev.tailsampling.cli;

import dev.tailsampling.policy.PolicySet;

/**
 * Policies to decide with.
 *
 * @param set the policies
 * @param text from which they can be read again, kept under the set's version so that decisions can be explained later
 */
record LoadedPolicies(PolicySet set, String text) {}
