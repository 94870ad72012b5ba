package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.CycleGroup;
import dev.tailsampling.selector.CycleGroup.ReadUpTo;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances that record the cycles of their partitions in one ledger table at the same time, beside a scanner. */
class ConcurrentGroupsTest {

    private static final int INSTANCES = 3;
    private static final int PARTITIONS = 5;
    private static final int COMMITS = 6;
    private static final int CYCLES_PER_COMMIT = 4;
    private static final Decision LEAVE = new Decision(Outcome.NOT_SAMPLED, null, "", null, List.of());

    @TempDir
    private Path home;

    private static String source(int instance, int partition) {
        return "orders/" + (instance * PARTITIONS + partition);
    }

    private static CycleGroup group(String source, int commit) {
        long previous = (long) commit * CYCLES_PER_COMMIT;
        long last = previous + CYCLES_PER_COMMIT;
        return new CycleGroup(previous, LongStream.range(previous + 1, last)
                .mapToObj(cycle -> new ReadUpTo(cycle, offsets(cycle))).toList(),
                new LoggedCycle(source, last, source + "-" + last, "run", "v1",
                        new SourceCursor("id", 0, offsets(last), last), offsets(last), List.of(), 0, true));
    }

    private static SourceOffsets offsets(long cycle) {
        return SourceOffsets.parse("0:" + 10 * cycle);
    }

    private static long recordAll(DecisionLedger ledger, int instance) {
        for (int commit = 0; commit < COMMITS; commit++) {
            int number = commit;
            List<CycleGroup> groups = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> group(source(instance, partition), number)).toList();
            List<DecisionRecord> rows = groups.stream().flatMap(group -> LongStream
                    .rangeClosed(group.previousCycle() + 1, group.last().cycle()).mapToObj(cycle -> Decisions.row(
                            group.last().source(), (int) cycle, cycle, CompletionReason.QUIET, LEAVE)))
                    .toList();
            ledger.recordTogether(groups, rows);
        }
        return ledger.latest(source(instance, 0)).orElseThrow().cycle();
    }

    /** As of three processes: nothing but the catalog is between the ledger objects. */
    @Test
    void nothingIsLostAndNothingIsThereTwice() throws InterruptedException, ExecutionException {
        try (TestLake lake = TestLake.onDisk(home)) {
            List<Callable<Long>> writers = new ArrayList<>();
            for (int i = 0; i < INSTANCES; i++) {
                int instance = i;
                writers.add(() -> recordAll(new DecisionLedger(lake.catalog, "tss"), instance));
            }
            writers.add(() -> {
                DecisionLedger scanner = new DecisionLedger(lake.catalog, "tss");
                LongStream.rangeClosed(1, COMMITS).forEach(cycle -> scanner.record(Decisions.cycle(cycle), List.of()));
                return scanner.latest(Decisions.SOURCE).orElseThrow().cycle();
            });
            List<Future<Long>> latest;
            try (ExecutorService threads = Executors.newFixedThreadPool(writers.size())) {
                latest = threads.invokeAll(writers);
            }
            for (Future<Long> cycle : latest.subList(0, INSTANCES)) {
                assertThat(cycle.get()).isEqualTo(COMMITS * CYCLES_PER_COMMIT);
            }
            assertThat(latest.getLast().get()).isEqualTo(COMMITS);
            assertEverythingIsThereOnce(new DecisionLedger(lake.catalog, "tss"));
        }
    }

    private static void assertEverythingIsThereOnce(DecisionLedger ledger) {
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < INSTANCES * PARTITIONS; i++) {
            String source = source(0, i);
            assertThat(ledger.cycles(source, 1)).extracting(LoggedCycle::cycle).containsExactlyElementsOf(
                    LongStream.rangeClosed(1, COMMITS * CYCLES_PER_COMMIT).boxed().toList());
            assertThat(ledger.cycles(source, 1))
                    .allMatch(cycle -> cycle.cursor().nextOffsets().equals(offsets(cycle.cycle())));
            LongStream.rangeClosed(1, COMMITS * CYCLES_PER_COMMIT).forEach(cycle -> expected.add(source + "#" + cycle));
        }
        List<String> rows = new ArrayList<>();
        ledger.forEach(DecisionFilter.ALL, row -> rows.add(row.source() + "#" + row.cycle()));
        assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
    }
}
