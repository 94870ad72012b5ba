package dev.tailsampling.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/** Parts of a whole that are open while the rest is being opened. For one thread. */
final class OpenedParts {

    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** Notes how to close a part that was just opened. */
    void add(Runnable closer) {
        closers.push(closer);
    }

    /** The rest cannot be opened: closes the parts, the last first, whatever one of them throws. */
    void closeAfter(Throwable failure) {
        for (Runnable closer : closers) {
            try {
                closer.run();
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
        closers.clear();
    }
}
