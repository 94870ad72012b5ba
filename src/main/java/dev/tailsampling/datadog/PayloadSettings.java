package dev.tailsampling.datadog;

import java.util.function.UnaryOperator;

/**
 * How payloads are made.
 *
 * @param hostname host of spans whose resource names none, may be empty
 * @param env environment of spans whose resource names none, may be empty
 * @param queryText removes what is private from the texts of queries
 * @param maxTraces traces in a payload at most, at least 1
 * @param maxBytes size of a payload at most, at least 1; a larger span is sent alone
 */
public record PayloadSettings(String hostname, String env, UnaryOperator<String> queryText, int maxTraces,
        int maxBytes) {

    /** Payloads are cut here: the intake takes about 3.2 MB before compression. */
    public static final int DEFAULT_MAX_BYTES = 3_000_000;

    public PayloadSettings {
        if (maxTraces < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "a payload holds at least one trace and one byte, not " + maxTraces + " and " + maxBytes);
        }
    }
}
