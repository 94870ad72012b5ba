package dev.tailsampling.admin;

import dev.tailsampling.selector.DeadLetter;
import dev.tailsampling.selector.FinishedCycle;
import dev.tailsampling.selector.InstanceRun;
import dev.tailsampling.selector.OperationLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What operators ask about, in memory. It can be made to fail as a database that is away. */
final class MemoryOperations implements OperationLog {

    final List<FinishedCycle> cycles = new ArrayList<>();
    final List<DeadLetter> letters = new ArrayList<>();
    final List<InstanceRun> runs = new ArrayList<>();
    volatile boolean away;

    private <T> List<T> newest(List<T> items) {
        if (away) {
            throw new UncheckedIOException(new IOException("jdbc:postgresql://db:5432/tss?password=hunter2 refused"));
        }
        return items.reversed();
    }

    @Override
    public List<FinishedCycle> reports(@Nullable String source, int limit) {
        return newest(cycles).stream().filter(cycle -> source == null || cycle.source().equals(source)).limit(limit)
                .toList();
    }

    @Override
    public List<DeadLetter> deadLetters(@Nullable String source, int limit) {
        return newest(letters).stream().filter(letter -> source == null || letter.source().equals(source))
                .limit(limit).toList();
    }

    @Override
    public void begin(InstanceRun run) {
        runs.add(run);
    }

    @Override
    public void end(String runId, Instant at, String ending) {
        runs.replaceAll(run -> run.runId().equals(runId)
                ? new InstanceRun(runId, run.instance(), run.host(), run.version(), run.tables(), run.startedAt(), at,
                        ending)
                : run);
    }

    @Override
    public List<InstanceRun> runs(int limit) {
        return newest(runs).stream().limit(limit).toList();
    }

    @Override
    public long forgetRunsOlderThan(Instant startedBefore) {
        int before = runs.size();
        runs.removeIf(run -> run.startedAt().isBefore(startedBefore));
        return before - runs.size();
    }

    @Override
    public Optional<String> problem() {
        return away ? Optional.of("away") : Optional.empty();
    }
}
