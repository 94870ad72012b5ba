package dev.tailsampling.sampler;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * The sample rates of a {@link KeyedSampler} as traffic goes by. Traffic is counted for each key in intervals, and each
 * interval's end sets the rates of the next one.
 *
 * <p>
 * Intervals are the multiples of their length since the epoch, so that a replay of the same traces has the same
 * intervals whenever it is run; only a burst (see {@link MovingAverage}) lets the intervals after it begin at its own
 * time. The result depends only on the calls and their order. Not thread-safe.
 */
public abstract sealed class KeyedRates permits MovingAverageRates, WindowRates {

    private static final long NOT_STARTED = Long.MIN_VALUE;

    final long intervalMillis;
    final int maxKeys;

    /** Of the interval in progress: key → sum of weights. */
    final Map<String, Long> counts = new HashMap<>();

    private long nowMillis = NOT_STARTED;
    private long intervalEndMillis;

    KeyedRates(long intervalMillis, int maxKeys) {
        this.intervalMillis = intervalMillis;
        this.maxKeys = maxKeys;
    }

    /**
     * Counts a trace and returns the rate in force for its key: one in how many such traces is to be kept. The trace
     * itself changes rates only after it. A key that finds {@code maxKeys} others already is not counted.
     *
     * @param weight how much traffic the trace is, as a rule its number of spans; at least 1
     * @param timeMillis since the epoch; earlier than in a call before, it counts as the latest time so far
     * @return 1 or more; 1 keeps every trace
     * @throws IllegalArgumentException if the weight is below 1
     */
    public final int rate(String key, long weight, long timeMillis) {
        if (weight < 1) {
            throw new IllegalArgumentException("a trace weighs at least 1, not " + weight);
        }
        advanceTo(timeMillis);
        int rate = rateOf(key);
        if (isTracked(key) || trackedKeys() < maxKeys) {
            counts.merge(key, weight, Long::sum);
            counted(key, weight);
        }
        return rate;
    }

    /** The rates in force after the last call, by key; every other key has the rate of a key never seen. */
    public abstract SortedMap<String, Integer> ratesInForce();

    /** The whole state; equal states give equal bytes. To be read by {@link KeyedSampler#restore}. */
    public final byte[] snapshot() {
        StateWriter writer = new StateWriter(kind());
        writer.number(intervalMillis);
        writer.number(nowMillis);
        writer.number(intervalEndMillis);
        writer.counts(counts);
        write(writer);
        return writer.finish();
    }

    /** Sets a fresh object to the state of a snapshot. */
    final void restore(byte[] snapshot) {
        StateReader reader = new StateReader(snapshot, kind());
        long interval = reader.number();
        if (interval != intervalMillis) {
            throw new IllegalArgumentException("the sampler state counts in intervals of " + interval
                    + " ms, the sampler in ones of " + intervalMillis + " ms: start it anew");
        }
        nowMillis = reader.number();
        intervalEndMillis = reader.number();
        counts.putAll(reader.counts());
        read(reader);
        reader.finish();
    }

    abstract char kind();

    /** The rate in force; what a key never seen gets, if it has none. */
    abstract int rateOf(String key);

    /** Ends the interval in progress and {@code intervals − 1} without any traffic after it. */
    abstract void endIntervals(long intervals);

    /** Called when a trace has been added to {@link #counts}. */
    abstract void counted(String key, long weight);

    abstract void write(StateWriter writer);

    abstract void read(StateReader reader);

    boolean isTracked(String key) {
        return counts.containsKey(key);
    }

    int trackedKeys() {
        return counts.size();
    }

    /** Lets a whole interval begin now. */
    final void restartInterval() {
        intervalEndMillis = nowMillis + intervalMillis;
    }

    private void advanceTo(long timeMillis) {
        if (nowMillis == NOT_STARTED) {
            intervalEndMillis = (Math.floorDiv(timeMillis, intervalMillis) + 1) * intervalMillis;
        } else if (timeMillis >= intervalEndMillis) {
            long intervals = (timeMillis - intervalEndMillis) / intervalMillis + 1;
            intervalEndMillis += intervals * intervalMillis;
            endIntervals(intervals);
        }
        nowMillis = Math.max(nowMillis, timeMillis);
    }
}
