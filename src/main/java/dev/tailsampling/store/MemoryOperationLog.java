package dev.tailsampling.store;

import dev.tailsampling.selector.DeadLetter;
import dev.tailsampling.selector.FinishedCycle;
import dev.tailsampling.selector.InstanceRun;
import dev.tailsampling.selector.OperationLog;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What operators ask about, from this process's memory. Thread-safe. */
final class MemoryOperationLog implements OperationLog {

    private final MemoryState state;
    private final Map<String, InstanceRun> runs = new HashMap<>();

    MemoryOperationLog(MemoryState state) {
        this.state = state;
    }

    @Override
    public List<FinishedCycle> reports(@Nullable String source, int limit) {
        return state.newestReports(source, limit);
    }

    @Override
    public List<DeadLetter> deadLetters(@Nullable String source, int limit) {
        return state.newestDeadLetters(source, limit);
    }

    @Override
    public synchronized void begin(InstanceRun run) {
        runs.putIfAbsent(run.runId(), run);
    }

    @Override
    public synchronized void end(String runId, Instant at, String ending) {
        runs.computeIfPresent(runId, (same, run) -> run.endedAt() == null ? ended(run, at, ending) : run);
    }

    private static InstanceRun ended(InstanceRun run, Instant at, String ending) {
        return new InstanceRun(run.runId(), run.instance(), run.host(), run.version(), run.tables(), run.startedAt(),
                at, ending);
    }

    @Override
    public synchronized List<InstanceRun> runs(int limit) {
        return runs.values().stream().sorted(
                Comparator.comparing(InstanceRun::startedAt).reversed().thenComparing(InstanceRun::runId))
                .limit(limit).toList();
    }

    @Override
    public synchronized long forgetRunsOlderThan(Instant startedBefore) {
        List<InstanceRun> over = runs.values().stream()
                .filter(run -> run.startedAt().isBefore(startedBefore) && hasEnded(run)).toList();
        over.forEach(run -> runs.remove(run.runId()));
        return over.size();
    }

    private boolean hasEnded(InstanceRun run) {
        return run.endedAt() != null || runs.values().stream().anyMatch(later -> later.instance().equals(run.instance())
                && later.startedAt().isAfter(run.startedAt()));
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }
}
