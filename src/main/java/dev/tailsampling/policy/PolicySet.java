package dev.tailsampling.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The policies that decide together. A trace is kept when any policy samples it and none drops it.
 *
 * @param policies in their written order, names unique
 */
public record PolicySet(List<NamedPolicy> policies) {

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
