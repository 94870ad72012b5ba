package dev.tailsampling.admin;

import java.util.HexFormat;
import java.util.UUID;

/** Makes the ids of force rules. */
public final class RuleIds {

    private static final int RANDOM_LENGTH = 12;
    private static final int DERIVED_BYTES = 16;

    private RuleIds() {}

    /** An id that nobody has used: 12 hex digits. */
    public static String random() {
        return UUID.randomUUID().toString().replace("-", "").substring(0, RANDOM_LENGTH);
    }

    /**
     * The id that an author's key stands for: 32 hex digits, so that no two keys meet by chance. The same on every
     * instance, so that a repeated request finds the rule that the first one made, wherever it went.
     */
    public static String of(String author, String idempotencyKey) {
        byte[] hash = AdminToken.hash("force rule\n" + author.length() + "\n" + author + idempotencyKey);
        return HexFormat.of().formatHex(hash, 0, DERIVED_BYTES);
    }
}
