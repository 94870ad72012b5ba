package dev.tailsampling.sampler;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rates that let the same number of spans of each key pass, from the counts of the last intervals. */
final class WindowRates extends KeyedRates {

    private final int windowIntervals;
    private final double goalCount;

    /** The counts of the ended intervals in the window, the oldest first; at most one for each interval. */
    private final Deque<Map<String, Long>> window = new ArrayDeque<>();

    // What follows is derived, and not part of a snapshot.
    private final Map<String, Long> windowCounts = new HashMap<>();
    private final Set<String> tracked = new HashSet<>();

    /** @param goalCount how much is to be kept in a window, of all keys together */
    WindowRates(long intervalMillis, int windowIntervals, double goalCount, int maxKeys) {
        super(intervalMillis, maxKeys);
        this.windowIntervals = windowIntervals;
        this.goalCount = goalCount;
    }

    @Override
    public SortedMap<String, Integer> ratesInForce() {
        SortedMap<String, Integer> rates = new TreeMap<>();
        windowCounts.keySet().forEach(key -> rates.put(key, rateOf(key)));
        return rates;
    }

    @Override
    int rateOf(String key) {
        double goalOfKey = goalCount / windowCounts.size();
        return (int) Math.max(1, windowCounts.getOrDefault(key, 0L) / goalOfKey);
    }

    @Override
    boolean isTracked(String key) {
        return tracked.contains(key);
    }

    @Override
    int trackedKeys() {
        return tracked.size();
    }

    @Override
    void counted(String key, long weight) {
        tracked.add(key);
    }

    @Override
    void endIntervals(long intervals) {
        append(Map.copyOf(counts));
        counts.clear();
        for (long i = 1; i < intervals && i <= windowIntervals; i++) {
            append(Map.of());
        }
        deriveTracked();
    }

    private void append(Map<String, Long> newest) {
        window.addLast(newest);
        newest.forEach((key, count) -> windowCounts.merge(key, count, Long::sum));
        if (window.size() > windowIntervals) {
            window.removeFirst().forEach((key, count) -> windowCounts.computeIfPresent(key,
                    (same, total) -> total > count ? total - count : null));
        }
    }

    private void deriveTracked() {
        tracked.clear();
        tracked.addAll(windowCounts.keySet());
        tracked.addAll(counts.keySet());
    }

    @Override
    char kind() {
        return 'W';
    }

    @Override
    void write(StateWriter writer) {
        writer.number(window.size());
        window.forEach(writer::counts);
    }

    @Override
    void read(StateReader reader) {
        for (int left = reader.size(); left > 0; left--) {
            append(reader.counts());
        }
        deriveTracked();
    }
}
