package dev.tailsampling.admin;

import dev.tailsampling.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token that opens the admin API, known by its hash. A token has 256 random bits, so a fast hash without salt hides it.
 *
 * @param name of its holder, for the record
 * @param role what it allows
 * @param sha256 SHA-256 of the token's text in lower-case hex
 */
public record AdminToken(String name, Role role, String sha256) {

    /** How many random bytes {@link #text} takes. */
    public static final int RANDOM_BYTES = 32;

    private static final String PREFIX = "tss_";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final Pattern CONFIGURED = Pattern.compile("(\\S+)\\s+sha256:([0-9a-fA-F]{64})");

    public AdminToken {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the name of a token has 1 to 64 letters, digits, and . _ @ - after the "
                    + "first, not like \"" + name + "\"");
        }
    }

    /**
     * Reads a configured token.
     *
     * @param name key under {@code admin.tokens}
     * @param value a role and a hash: {@code "rules sha256:<64 hex digits>"}
     * @throws ConfigException if it is not of that form
     */
    public static AdminToken parse(String name, String value) {
        Matcher parts = CONFIGURED.matcher(value.strip());
        if (!parts.matches()) {
            throw new ConfigException("admin.tokens." + name
                    + " must be a role and a hash, like \"rules sha256:<64 hex digits>\": tss token makes such a line");
        }
        Role role = Role.ofLabel(parts.group(1)).orElseThrow(() -> new ConfigException("admin.tokens." + name
                + " must begin with a role, read, rules or admin, not \"" + parts.group(1) + "\""));
        try {
            return new AdminToken(name, role, parts.group(2).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("admin.tokens." + name + ": " + e.getMessage(), e);
        }
    }

    /** The text of a new token, which whoever is to use it must keep. */
    public static String text(byte[] random) {
        if (random.length != RANDOM_BYTES) {
            throw new IllegalArgumentException("a token needs " + RANDOM_BYTES + " random bytes, not " + random.length);
        }
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** The token of that text. */
    public static AdminToken of(String name, Role role, String text) {
        return new AdminToken(name, role, HexFormat.of().formatHex(hash(text)));
    }

    /** What stands in the configuration under its name. */
    public String configured() {
        return role.label() + " sha256:" + sha256;
    }

    /** Takes as long whatever the hash is. */
    boolean hasHash(byte[] hash) {
        return MessageDigest.isEqual(HexFormat.of().parseHex(sha256), hash);
    }

    static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
