package dev.tailsampling.stream;

import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.CycleBuffer;
import dev.tailsampling.selector.CycleGroup;
import dev.tailsampling.selector.CycleGroupLog;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.LoggedCycle;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the cycles of many partitions in one commit to the ledger. What cannot be recorded now is recorded next time.
 * Thread-safe: one commit at a time.
 */
final class GroupCommitter {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitter.class);

    private final CycleGroupLog ledger;
    private final Supplier<ExportOutcome> beforeCommit;
    private volatile String problem = "";

    /**
     * Commits nothing yet.
     *
     * @param beforeCommit makes what was exported durable where destinations take it in groups
     */
    GroupCommitter(CycleGroupLog ledger, Supplier<ExportOutcome> beforeCommit) {
        this.ledger = ledger;
        this.beforeCommit = beforeCommit;
    }

    /**
     * Commits what these tasks have to be recorded.
     *
     * @param patience with a cycle that is under way; its partition is left out if it takes longer
     * @return the offset from which each partition would have to be read after a restart, where that has moved
     */
    synchronized Map<Integer, Long> commit(Collection<PartitionTask> tasks, Duration patience) {
        Map<String, PartitionTask> bySource = new HashMap<>();
        Map<String, CycleBuffer.Batch> batches = new LinkedHashMap<>();
        for (PartitionTask task : tasks) {
            task.batch(patience).ifPresent(batch -> {
                bySource.put(task.source(), task);
                batches.put(task.source(), batch);
            });
        }
        if (!isExported() || batches.isEmpty() || !isRecorded(batches, bySource)) {
            return Map.of();
        }
        Map<Integer, Long> offsets = new HashMap<>();
        batches.forEach((source, batch) -> {
            PartitionTask task = bySource.get(source);
            if (task != null) {
                task.recorded(batch);
                LoggedCycle last = batch.group().last();
                last.replayFrom().byPartition().forEach(offsets::put);
            }
        });
        return offsets;
    }

    private boolean isExported() {
        ExportOutcome outcome = beforeCommit.get();
        if (outcome instanceof ExportOutcome.Unknown unknown) {
            note("what was exported is not durable yet: " + unknown.reason());
            return false;
        }
        return true;
    }

    /** Whether those that are left in the batches are in the ledger. */
    private boolean isRecorded(Map<String, CycleBuffer.Batch> batches, Map<String, PartitionTask> tasks) {
        while (!batches.isEmpty()) {
            try {
                List<CycleGroup> groups = batches.values().stream().map(CycleBuffer.Batch::group).toList();
                Iterable<DecisionRecord> decisions =
                        () -> batches.values().stream().flatMap(batch -> batch.decisions().stream()).iterator();
                ledger.recordTogether(groups, decisions);
                note("");
                return true;
            } catch (ConcurrentCycleException e) {
                batches.remove(e.source());
                Optional.ofNullable(tasks.get(e.source())).ifPresent(task -> task.fail(e));
            } catch (UncheckedIOException e) {
                note(String.valueOf(e.getMessage()));
                return false;
            } catch (RuntimeException e) {
                note(e.toString());
                LOG.error("decisions could not be recorded", e);
                return false;
            }
        }
        return false;
    }

    private void note(String sentence) {
        if (!sentence.equals(problem) && !sentence.isEmpty()) {
            LOG.warn("decisions are recorded later: {}", sentence);
        }
        problem = sentence;
    }

    /** Why the last commit failed, in one sentence; empty if it did not. */
    String problem() {
        return problem;
    }
}
