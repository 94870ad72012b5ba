package dev.tailsampling.export;

import java.time.Duration;

/** How to wait between two attempts. */
@FunctionalInterface
public interface Pause {

    /** Lets the calling thread sleep. */
    Pause SLEEP = Thread::sleep;

    /**
     * Returns when the time is over.
     *
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    void of(Duration duration) throws InterruptedException;
}
