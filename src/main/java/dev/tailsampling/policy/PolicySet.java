package dev.tailsampling.policy;

import dev.tailsampling.trace.Threshold;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The policies that decide together, and the force rules that go before them.
 *
 * @param policies in their written order, names unique
 * @param combination how they decide together
 * @param unmatched the share that is kept of the traces that no policy matches; {@link Threshold#NEVER} for none
 * @param maxTraceBytes a trace whose spans have more bytes than this is not sampled, unless a force rule keeps it
 * @param forceRules in the order in which they are asked; all of them apply
 */
public record PolicySet(List<NamedPolicy> policies, Combination combination, Threshold unmatched, long maxTraceBytes,
        List<ForceRule> forceRules) {

    /** Stands for "of any size". */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    private static final int VERSION_DIGITS = 12;

    public PolicySet {
        if (policies.isEmpty()) {
            throw new IllegalArgumentException("a policy set needs at least one policy");
        }
        Set<String> names = new HashSet<>();
        for (NamedPolicy policy : policies) {
            if (!names.add(policy.name())) {
                throw new IllegalArgumentException("two policies have the same name: " + policy.name());
            }
        }
        policies = List.copyOf(policies);
        forceRules = List.copyOf(forceRules);
    }

    /** A trace is kept when any policy samples it and none drops it. */
    public PolicySet(List<NamedPolicy> policies) {
        this(policies, Combination.ANY, Threshold.NEVER, NO_LIMIT, List.of());
    }

    /** The same policies behind these rules, which apply in this order. */
    public PolicySet withForceRules(List<ForceRule> rules) {
        return new PolicySet(policies, combination, unmatched, maxTraceBytes, rules);
    }

    /** Identifies the content: equal sets have equal versions, on any machine. 12 hex digits of a SHA-256. */
    public String version() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(PolicyText.canonical(this).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, VERSION_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
