package dev.tailsampling.cli;

import dev.tailsampling.config.SecretMask;
import java.util.List;

/**
 * Hides secrets in what is logged: those that are known, and what looks like one. The last line of defence, behind code
 * that does not log them. Immutable.
 *
 * @param secrets those that are known, the longest first
 */
record LogMask(List<String> secrets) {

    /** Knows no secrets. */
    static final LogMask PATTERNS = new LogMask(List.of());

    LogMask {
        secrets = List.copyOf(secrets);
    }

    String shown(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, SecretMask.HIDDEN);
        }
        return SecretMask.inText(masked);
    }

    /** Prints no secrets. */
    @Override
    public String toString() {
        return "LogMask[" + secrets.size() + "]";
    }
}
