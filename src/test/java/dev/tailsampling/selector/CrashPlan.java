package dev.tailsampling.selector;

/** Kills a simulated process at the n-th touch of the outside world. */
final class CrashPlan {

    /** The process is dead: nothing may catch this but the simulation. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(String where) {
            super(where);
        }
    }

    private int stepsLeft = Integer.MAX_VALUE;

    void crashAfter(int steps) {
        stepsLeft = steps;
    }

    void never() {
        stepsLeft = Integer.MAX_VALUE;
    }

    void step(String where) {
        if (--stepsLeft < 0) {
            throw new Crash(where);
        }
    }
}
