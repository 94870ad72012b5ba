package dev.tailsampling.selector;

/** Kills a simulated process at the n-th touch of the outside world. */
public final class CrashPlan {

    /** The process is dead: nothing may catch this but the simulation. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(String where) {
            super(where);
        }
    }

    private int stepsLeft = Integer.MAX_VALUE;

    public void crashAfter(int steps) {
        stepsLeft = steps;
    }

    public void never() {
        stepsLeft = Integer.MAX_VALUE;
    }

    public void step(String where) {
        if (--stepsLeft < 0) {
            throw new Crash(where);
        }
    }
}
