package dev.tailsampling.config;

import org.jspecify.annotations.Nullable;

/**
 * What is said of a policies file from outside, where the file itself may leave it open.
 *
 * @param format what kind of file it is; null to tell by its keys
 * @param compat whose meaning the Collector's policy types have; null for what the file says, and else for the
 *     Collector's in a file that is said to be the Collector's, and ours in any other
 * @param environment which of the environments of a Refinery rules file; null for {@code __default__}
 */
public record PolicyDialect(@Nullable Format format, @Nullable Compat compat, @Nullable String environment) {

    /** Kinds of policies files. */
    public enum Format {
        /** A list of ours. */
        NATIVE,
        /** A Collector's {@code tail_sampling} block. */
        OTEL,
        /** A rules file of Refinery. */
        REFINERY
    }

    /** Nothing is said. */
    public static final PolicyDialect UNSAID = new PolicyDialect(null, null, null);

    /** Whose meaning the Collector's types have in a file that does not say it. */
    Compat compatIfUnsaid() {
        return format == Format.OTEL ? Compat.OTEL : Compat.NATIVE;
    }
}
