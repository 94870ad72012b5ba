package dev.tailsampling.cli;

import java.time.Duration;

/** The cycles of one table. Not thread-safe: one cycle at a time. */
interface TableCycles extends AutoCloseable {

    /**
     * Runs one cycle.
     *
     * @return how long to rest before the next
     */
    Duration next();

    @Override
    void close();
}
