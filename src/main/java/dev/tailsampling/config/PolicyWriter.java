package dev.tailsampling.config;

import dev.tailsampling.policy.PolicySet;
import java.util.Optional;

/** Writes policy sets as policies files of our own form. */
public final class PolicyWriter {

    private PolicyWriter() {}

    /**
     * A policies file that, when read, gives a set of the same version. Force rules are not part of it.
     *
     * @throws PolicyException if there is no such file, because a policy of the set comes from no file
     */
    public static String yaml(PolicySet set) {
        try {
            PolicyTree tree = new PolicyTree();
            for (Compat compat : Compat.values()) {
                String text = PolicyYaml.text(tree.of(set, compat));
                if (version(text).filter(set.version()::equals).isPresent()) {
                    return text;
                }
            }
        } catch (UnwritableException e) {
            throw new PolicyException("these policies cannot be written as a policies file: " + e.getMessage(), e);
        }
        throw new PolicyException("these policies cannot be written as a policies file that means the same");
    }

    /** Of what the text says; none if it says nothing, which happens under the wrong meaning of the Collector's types. */
    private static Optional<String> version(String text) {
        try {
            return Optional.of(new PolicyFile("policies", text).parse().set().version());
        } catch (PolicyException e) {
            return Optional.empty();
        }
    }
}
