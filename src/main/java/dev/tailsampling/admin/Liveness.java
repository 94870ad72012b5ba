package dev.tailsampling.admin;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Whether work makes progress. Who works says so from time to time; who has said nothing for too long, without resting,
 * hangs, and then only a new process helps. Thread-safe.
 */
public final class Liveness {

    /** For cycles that beat once, at their beginning: longer than any should take. */
    public static final Duration STANDARD_BOUND = Duration.ofMinutes(15);

    private final Duration bound;
    private final LongSupplier nanoTime;
    private final Map<String, Long> lastBeatNanos = new ConcurrentHashMap<>();

    /**
     * Nobody works yet.
     *
     * @param bound how long nothing may be heard of work, exclusive
     * @param nanoTime as {@link System#nanoTime}: a wall clock may jump
     */
    public Liveness(Duration bound, LongSupplier nanoTime) {
        this.bound = bound;
        this.nanoTime = nanoTime;
    }

    /** Work on this table begins or makes progress. */
    public void beat(String table) {
        lastBeatNanos.put(table, nanoTime.getAsLong());
    }

    /** Work on this table has ended for now. */
    public void rest(String table) {
        lastBeatNanos.remove(table);
    }

    /** What hangs, in one sentence; empty if nothing does. */
    public Optional<String> stuck() {
        long now = nanoTime.getAsLong();
        return lastBeatNanos.entrySet().stream().filter(beat -> now - beat.getValue() >= bound.toNanos()).findFirst()
                .map(beat -> "nothing was heard of the cycle of " + beat.getKey() + " for "
                        + Duration.ofNanos(now - beat.getValue()).toSeconds() + " s");
    }
}
