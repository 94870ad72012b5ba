package dev.tailsampling.store;

import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.BackfillRuns;
import dev.tailsampling.selector.BackfillSlice;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Backfill runs in this process's memory, gone when it ends: enough for dry runs. Thread-safe. */
public final class MemoryBackfillRuns implements BackfillRuns {

    private final Map<String, BackfillRun> runs = new HashMap<>();
    private final Map<String, TreeMap<Integer, BackfillSlice>> slices = new HashMap<>();

    @Override
    public synchronized boolean add(BackfillRun run, List<BackfillSlice> itsSlices) {
        if (runs.putIfAbsent(run.id(), run) != null) {
            return false;
        }
        TreeMap<Integer, BackfillSlice> byNumber = new TreeMap<>();
        itsSlices.forEach(slice -> byNumber.put(slice.number(), slice));
        slices.put(run.id(), byNumber);
        return true;
    }

    @Override
    public synchronized Optional<BackfillRun> find(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    @Override
    public synchronized List<BackfillRun> list() {
        return runs.values().stream()
                .sorted(Comparator.comparing(BackfillRun::startedAt).reversed().thenComparing(BackfillRun::id))
                .toList();
    }

    @Override
    public synchronized List<BackfillSlice> slices(String id) {
        return List.copyOf(slices.getOrDefault(id, new TreeMap<>()).values());
    }

    @Override
    public synchronized void finishSlice(String id, int number, BackfillSlice.Counts counts) {
        slices.getOrDefault(id, new TreeMap<>()).computeIfPresent(number, (same, slice) -> slice.done(counts));
    }

    @Override
    public synchronized void finish(String id, Instant at) {
        runs.computeIfPresent(id, (same, run) -> run.finishedAt() == null ? run.finished(at) : run);
    }
}
