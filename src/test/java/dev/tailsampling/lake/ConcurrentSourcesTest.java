package dev.tailsampling.lake;

import static dev.tailsampling.lake.Decisions.cycle;
import static dev.tailsampling.lake.Decisions.sampled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LoggedCycle;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cycles of several sources are recorded in one ledger table at the same time. */
class ConcurrentSourcesTest {

    private static final int SOURCES = 5;
    private static final int CYCLES = 6;

    @TempDir
    private Path home;

    private static <T> List<Future<T>> together(List<Callable<T>> tasks) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            return threads.invokeAll(tasks);
        }
    }

    private static long recordCycles(DecisionLedger ledger, String source) {
        for (int number = 1; number <= CYCLES; number++) {
            ledger.record(cycle(source, number), List.of(sampled(number, number)));
        }
        return ledger.latest(source).orElseThrow().cycle();
    }

    @Test
    void oneLedgerTakesTheCyclesOfAll() throws InterruptedException, ExecutionException {
        try (TestLake lake = TestLake.onDisk(home)) {
            DecisionLedger ledger = new DecisionLedger(lake.catalog, "tss");
            List<Callable<Long>> sources = IntStream.range(0, SOURCES)
                    .mapToObj(i -> (Callable<Long>) () -> recordCycles(ledger, "default.source-" + i)).toList();

            for (Future<Long> latest : together(sources)) {
                assertThat(latest.get()).isEqualTo(CYCLES);
            }

            List<DecisionRecord> rows = new ArrayList<>();
            ledger.forEach(DecisionFilter.ALL, rows::add);
            assertThat(rows).hasSize(SOURCES * CYCLES);
            for (int i = 0; i < SOURCES; i++) {
                assertThat(ledger.cycles("default.source-" + i, 1)).hasSize(CYCLES);
            }
        }
    }

    /** As of two processes: nothing but the catalog is between two ledger objects. */
    @Test
    void ofTwoWritersOfOneSourceOneIsRefusedWhileAnotherSourceGoesOn() throws InterruptedException, ExecutionException {
        try (TestLake lake = TestLake.onDisk(home)) {
            new DecisionLedger(lake.catalog, "tss").record(cycle("default.first", 1), List.of());
            List<Callable<String>> writers = new ArrayList<>();
            for (String writer : List.of("one", "two")) {
                DecisionLedger ledger = new DecisionLedger(lake.catalog, "tss");
                writers.add(() -> recordAs(writer, ledger));
            }
            DecisionLedger other = new DecisionLedger(lake.catalog, "tss");
            writers.add(() -> "other " + recordCycles(other, "default.other"));

            Set<String> outcomes = new TreeSet<>();
            for (Future<String> outcome : together(writers)) {
                outcomes.add(outcome.get());
            }

            assertThat(outcomes).containsExactly("other " + CYCLES, "recorded", "refused");
            assertThat(new DecisionLedger(lake.catalog, "tss").cycles("default.same", 1)).hasSize(1);
        }
    }

    private static String recordAs(String writer, DecisionLedger ledger) {
        var mine = cycle("default.same", 1);
        try {
            ledger.record(new LoggedCycle(mine.source(), 1, writer, writer, "v1",
                    mine.cursor(), mine.replayFrom(), List.of()), List.of(sampled(1, 1)));
            return "recorded";
        } catch (ConcurrentCycleException e) {
            return "refused";
        }
    }
}
