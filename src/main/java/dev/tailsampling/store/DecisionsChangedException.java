package dev.tailsampling.store;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Decisions of a source are not what they were when the cycle began to be remembered: another instance wrote too, or the
 * store was emptied. The store itself is there, and other sources are not concerned.
 */
final class DecisionsChangedException extends UncheckedIOException {

    private static final long serialVersionUID = 1L;

    DecisionsChangedException(String sentence) {
        super(sentence, new IOException(sentence));
    }
}
