package dev.tailsampling.cli;

/**
 * By how many the limits on memory are divided, so that they hold for all sessions together.
 *
 * @param concurrentCycles so many sessions work at the same time, at least 1; others hold nothing in flight meanwhile
 * @param sessions so many are open, at least 1; each keeps spans of its open traces
 */
record MemoryShare(int concurrentCycles, int sessions) {

    /** For a session without company. */
    static final MemoryShare WHOLE = new MemoryShare(1, 1);
}
