package dev.tailsampling.lake;

import static dev.tailsampling.lake.Decisions.SOURCE;
import static dev.tailsampling.lake.Decisions.cycle;
import static dev.tailsampling.lake.Decisions.notSampled;
import static dev.tailsampling.lake.Decisions.sampled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.CycleGroup;
import dev.tailsampling.selector.CycleGroup.ReadUpTo;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.SourceOffsets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.relocated.com.google.common.collect.Iterables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A week of cycles in the ledger: what is on disk besides the rows does not grow. Some commits stand for the
 * week's 60,480, with bounds that are as much smaller; {@code -Dledger.cycles=60480} makes all of them.
 */
class LedgerWeekTest {

    private static final int CYCLES = Integer.getInteger("ledger.cycles", 168);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Instant MONDAY = Instant.parse("2026-01-05T00:00:00Z");
    private static final int EVERY = 4;
    private static final int MAX_SNAPSHOTS = 20;
    private static final int MIN_FILES = 4;
    /** A file takes some kilobytes however few rows it has, so this lets a day's cycles become one that is left alone. */
    private static final LedgerHousekeeping HOUSEKEEPING = new LedgerHousekeeping(
            new LedgerCompaction(new CompactionPlan(MIN_FILES, 400_000, 1 << 20, 1_000), 1 << 20),
            new LedgerRetention(Duration.ofDays(1), MAX_SNAPSHOTS, 2L << 20, Duration.ofDays(3)), EVERY);

    @TempDir
    private Path home;

    /** What is there at one time. */
    private record Size(int dataFiles, int snapshots, int manifests, long metadataBytes, long filesOnDisk) {

        Size max(Size other) {
            return new Size(Math.max(dataFiles, other.dataFiles), Math.max(snapshots, other.snapshots),
                    Math.max(manifests, other.manifests), Math.max(metadataBytes, other.metadataBytes),
                    Math.max(filesOnDisk, other.filesOnDisk));
        }
    }

    private Size size(Table table) throws IOException {
        int dataFiles;
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            dataFiles = Iterables.size(tasks);
        }
        String metadata = ((BaseTable) table).operations().current().metadataFileLocation();
        try (Stream<Path> files = Files.walk(home.resolve("warehouse"))) {
            return new Size(dataFiles, Iterables.size(table.snapshots()),
                    table.currentSnapshot().allManifests(table.io()).size(),
                    table.io().newInputFile(metadata).getLength(), files.filter(Files::isRegularFile).count());
        }
    }

    private static DecisionRecord decidedAt(DecisionRecord row, Instant at) {
        return new DecisionRecord(row.source(), row.cycle(), row.runId(), row.policySet(), at, row.tableTimeMillis(),
                row.completion(), row.trace(), row.decision());
    }

    private static List<DecisionRecord> rows(int number) {
        Instant now = MONDAY.plus(WEEK.multipliedBy(number).dividedBy(CYCLES));
        return List.of(decidedAt(sampled(3 * number, number), now), decidedAt(notSampled(3 * number + 1, number), now),
                decidedAt(notSampled(3 * number + 2, number), now));
    }

    private static LoggedCycle closed(String source, long number) {
        LoggedCycle cycle = cycle(source, number);
        return new LoggedCycle(source, number, cycle.cycleId(), cycle.runId(), cycle.policySet(), cycle.cursor(),
                cycle.cursor().nextOffsets(), List.of(), 1);
    }

    /** Cycles of four partitions, recorded five at a time. */
    private static List<CycleGroup> groups(int commit) {
        return IntStream.range(0, 4).mapToObj(partition -> {
            long last = 5L * commit;
            LoggedCycle closed = closed("orders/" + partition, last);
            return new CycleGroup(last - 5, LongStream.range(last - 4, last)
                    .mapToObj(number -> new ReadUpTo(number, SourceOffsets.parse("0:" + number))).toList(),
                    new LoggedCycle(closed.source(), last, closed.cycleId(), closed.runId(), closed.policySet(),
                            closed.cursor(), closed.replayFrom(), List.of(), 1, true));
        }).toList();
    }

    /** A fast path that records much more often than the scanner beside it. */
    @Test
    void neitherDoesItWhenCyclesAreRecordedTogether() throws IOException {
        try (TestLake lake = TestLake.onDisk(home)) {
            DecisionLedger ledger = new DecisionLedger(lake.catalog, "tss", HOUSEKEEPING);
            ledger.recordTogether(List.of(groups(1).getFirst()), List.of());
            Size first = new Size(0, 0, 0, 0, 0);
            Size second = first;
            for (int number = 1; number <= CYCLES; number++) {
                ledger.recordTogether(groups(number).subList(1, 4), List.of());
                if (number % EVERY == 0) {
                    ledger.record(closed(SOURCE, number / EVERY), rows(number / EVERY));
                }
                Size now = size(lake.catalog.find(TableName.in("tss", "trace_decisions")).orElseThrow());
                first = number <= CYCLES / 2 ? first.max(now) : first;
                second = number > CYCLES / 2 ? second.max(now) : second;
            }

            System.out.printf("%d commits of groups: at most %s, then %s%n", CYCLES, first, second);
            assertThat(second.snapshots()).isLessThanOrEqualTo(MAX_SNAPSHOTS + 3 * EVERY);
            assertThat(second.metadataBytes()).isLessThan(first.metadataBytes() * 5 / 4);
            assertThat(second.filesOnDisk()).isLessThan(first.filesOnDisk() * 3 / 2);
            assertThat(ledger.latest("orders/0")).as("it rests since").contains(groups(1).getFirst().last());
            assertThat(ledger.latest("orders/3")).contains(groups(CYCLES).getLast().last());
            assertThat(ledger.latest(SOURCE)).contains(closed(SOURCE, CYCLES / EVERY));
        }
    }

    @Test
    void whatIsOnDiskBesidesTheRowsDoesNotGrow() throws IOException {
        try (TestLake lake = TestLake.onDisk(home)) {
            DecisionLedger ledger = new DecisionLedger(lake.catalog, "tss", HOUSEKEEPING);
            ledger.record(closed("resting.table", 1), List.of());
            ledger.fence("fenced.table", 9, "run-9");
            Size first = new Size(0, 0, 0, 0, 0);
            Size second = first;
            for (int number = 1; number <= CYCLES; number++) {
                ledger.record(closed(SOURCE, number), rows(number));
                if (number % EVERY == EVERY - 1) {
                    Size now = size(lake.catalog.find(TableName.in("tss", "trace_decisions")).orElseThrow());
                    first = number <= CYCLES / 2 ? first.max(now) : first;
                    second = number > CYCLES / 2 ? second.max(now) : second;
                }
            }

            System.out.printf("%d cycles: at most %s, then %s%n", CYCLES, first, second);
            int days = (int) WEEK.toDays();
            assertThat(second.dataFiles()).as("a file for a day, or as its size wants, and those not worth it yet")
                    .isLessThanOrEqualTo(2 * days + EVERY + 3 * MIN_FILES);
            assertThat(second.snapshots()).isLessThanOrEqualTo(MAX_SNAPSHOTS + 2 * EVERY);
            assertThat(second.manifests()).as("Iceberg merges a hundred").isLessThanOrEqualTo(100);
            assertThat(second.metadataBytes()).isLessThan(300L * (MAX_SNAPSHOTS + 2 * EVERY) + 4_000)
                    .isLessThan(first.metadataBytes() * 5 / 4);
            assertThat(second.filesOnDisk()).isLessThan(first.filesOnDisk() * 3 / 2);
            assertEverythingIsThere(ledger);
        }
    }

    private static void assertEverythingIsThere(DecisionLedger ledger) {
        List<Long> cycles = new ArrayList<>();
        ledger.forEach(DecisionFilter.ALL, row -> cycles.add(row.cycle()));
        assertThat(cycles).hasSize(3 * CYCLES);
        assertThat(cycles.stream().distinct()).hasSize(CYCLES);
        assertThat(ledger.latest("resting.table")).contains(closed("resting.table", 1));
        assertThat(ledger.fencingToken("fenced.table")).isEqualTo(9);
        assertThat(ledger.latest(SOURCE)).contains(closed(SOURCE, CYCLES));
    }
}
