package dev.tailsampling.cli;

/**
 * By how many the limits on memory are divided, so that they hold for all sessions together.
 *
 * @param concurrentCycles so many sessions work at the same time, at least 1; others hold nothing in flight meanwhile
 * @param cachingSessions so many are open and keep spans of their open traces; 0 if this one does not
 */
record MemoryShare(int concurrentCycles, int cachingSessions) {

    /**
     * For a scan that ends. To copy every span costs about as much as to read it once more, and the kept traces of many
     * minutes are read together, each file once; only who comes back each minute saves anything.
     */
    static final MemoryShare SINGLE_SCAN = new MemoryShare(1, 0);

    /** What this session may keep, when all together may keep so many bytes. */
    long ofCache(long bytes) {
        return cachingSessions == 0 ? 0 : bytes / cachingSessions;
    }
}
