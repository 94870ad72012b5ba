package dev.tailsampling.lake;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes may be read before they are needed, over all files of a process. Thread-safe. */
final class ReadBudget {

    private static final long MOST = 64L << 20;
    /** Of the heap; the rest belongs to open traces, pages and kept spans. */
    private static final int SHARE = 16;

    /** The budget of this process: 64 MiB, less where the heap is small. */
    static final ReadBudget OF_PROCESS = new ReadBudget(Math.min(MOST, Runtime.getRuntime().maxMemory() / SHARE));

    private final AtomicLong available;

    ReadBudget(long bytes) {
        this.available = new AtomicLong(bytes);
    }

    /** Takes so many bytes if they are there. */
    boolean tryTake(long bytes) {
        if (available.addAndGet(-bytes) >= 0) {
            return true;
        }
        giveBack(bytes);
        return false;
    }

    void giveBack(long bytes) {
        available.addAndGet(bytes);
    }

    /** Bytes that can be taken now. */
    long available() {
        return available.get();
    }
}
