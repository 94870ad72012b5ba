package dev.tailsampling.selector;

/**
 * After how many cycles something that failed is tried again: at once after the first failure, then after 1, 2, 4 and at
 * most 32 cycles. Not thread-safe.
 */
final class CyclePause {

    private static final int LONGEST = 32;

    private int cyclesLeft;
    private int next;

    /** Whether the pause is over; a cycle passes with each question. */
    boolean isOver() {
        if (cyclesLeft == 0) {
            return true;
        }
        cyclesLeft--;
        return false;
    }

    void failed() {
        cyclesLeft = next;
        next = Math.min(LONGEST, Math.max(1, 2 * next));
    }

    void succeeded() {
        cyclesLeft = 0;
        next = 0;
    }
}
