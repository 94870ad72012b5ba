package dev.tailsampling.selector;

import java.time.Instant;

/**
 * That a policy set became the one to decide with.
 *
 * @param number counts activations, from 1
 * @param at when, in whole milliseconds
 * @param author who did it
 * @param origin where its text came from
 * @param version of the set, without force rules
 * @param text from which it can be read again
 */
public record PolicyActivation(long number, Instant at, String author, Origin origin, String version, String text) {

    /** Where the text of policies came from. */
    public enum Origin {
        /** The policies file or the configuration of an instance. */
        FILE,
        /** The admin API. */
        API
    }
}
