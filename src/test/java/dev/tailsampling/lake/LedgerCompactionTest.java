package dev.tailsampling.lake;

import static dev.tailsampling.lake.Decisions.SOURCE;
import static dev.tailsampling.lake.Decisions.cycle;
import static dev.tailsampling.lake.Decisions.late;
import static dev.tailsampling.lake.Decisions.notSampled;
import static dev.tailsampling.lake.Decisions.sampled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.lake.FaultyCatalog.Fault;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionFilter.LateSpans;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LoggedCycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files of the ledger become larger ones, and nobody notices. */
class LedgerCompactionTest {

    private static final LedgerCompaction AT_ONCE =
            new LedgerCompaction(new CompactionPlan(4, 1 << 20, 1 << 20, 1_000), 1 << 20);
    private static final LedgerHousekeeping NEVER =
            new LedgerHousekeeping(AT_ONCE, LedgerRetention.DEFAULT, Integer.MAX_VALUE);

    @TempDir
    private Path warehouse;

    private final FaultyCatalog catalog = new FaultyCatalog(new LocalFileIO());
    private TestLake lake;
    private DecisionLedger ledger;

    @BeforeEach
    void open() {
        catalog.initialize("faulty", Map.of(CatalogProperties.WAREHOUSE_LOCATION, warehouse.toString()));
        lake = TestLake.of(catalog);
        ledger = new DecisionLedger(lake.catalog, "tss", NEVER);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private Table table() {
        return lake.catalog.find(TableName.in("tss", "trace_decisions")).orElseThrow();
    }

    private void compact() {
        AT_ONCE.apply(table(), Runnable::run);
    }

    private List<DataFile> files() {
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table().newScan().includeColumnStats().planFiles()) {
            tasks.forEach(task -> files.add(task.file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private Set<String> filesOnDisk() {
        try (Stream<Path> files = Files.walk(warehouse)) {
            return files.map(Path::toString).filter(file -> file.endsWith(".parquet")).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<DecisionRecord> rows(DecisionFilter filter) {
        List<DecisionRecord> rows = new ArrayList<>();
        ledger.forEach(filter, rows::add);
        return rows;
    }

    private static DecisionFilter ofTrace(int trace) {
        return new DecisionFilter(null, Otlp.trace(trace), null, null, null, 0, Long.MAX_VALUE, LateSpans.INCLUDE);
    }

    private static DecisionRecord decidedAt(DecisionRecord row, Instant at) {
        return new DecisionRecord(row.source(), row.cycle(), row.runId(), row.policySet(), at, row.tableTimeMillis(),
                row.completion(), row.trace(), row.decision());
    }

    /** Cycles of a few rows each, in any order of ids. */
    private List<DecisionRecord> recordCycles(int from, int to) {
        Random random = new Random(from);
        List<DecisionRecord> all = new ArrayList<>();
        for (int number = from; number <= to; number++) {
            List<DecisionRecord> rows = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int trace = number * 10 + i;
                rows.add(i % 2 == 0 ? sampled(trace, number) : notSampled(trace, number));
            }
            Collections.shuffle(rows, random);
            ledger.record(cycle(number), rows);
            all.addAll(rows);
        }
        return all;
    }

    @Test
    void smallFilesBecomeOneAndNoRowChanges() {
        List<DecisionRecord> recorded = recordCycles(1, 12);
        List<LoggedCycle> cycles = ledger.cycles(SOURCE, 1);
        compact();

        assertThat(files()).hasSize(1);
        assertThat(rows(DecisionFilter.ALL)).containsExactlyInAnyOrderElementsOf(recorded);
        assertThat(rows(DecisionFilter.ofCycles(SOURCE, 3, 4)))
                .containsExactlyInAnyOrderElementsOf(recorded.subList(10, 20));
        assertThat(table().currentSnapshot().operation()).isEqualTo("replace");
        assertThat(ledger.cycles(SOURCE, 1)).isEqualTo(cycles);
        ledger.record(cycle(13), List.of(sampled(1, 13)));
        assertThat(rows(DecisionFilter.ALL)).hasSize(recorded.size() + 1);
    }

    @Test
    void rowsOfALargerFileAreSortedAndItsMetricsAreKept() {
        recordCycles(1, 12);
        compact();
        DataFile file = files().getFirst();
        List<String> ids = new ArrayList<>();
        LedgerFile.rows(table(), file, Expressions.alwaysTrue())
                .forEach(row -> ids.add((String) row.getField(LedgerSchema.TRACE_ID)));

        assertThat(ids).hasSize(60).isSorted();
        assertThat(LedgerFile.isSorted(table(), file)).isTrue();
        assertThat(file.lowerBounds()).containsKeys(2, 23).hasSizeGreaterThanOrEqualTo(25);
        assertThat(file.dataSequenceNumber()).as("that of the youngest of them").isEqualTo(12);
        assertThat(rows(ofTrace(73))).containsExactly(notSampled(73, 7));
    }

    /** A row that follows another one comes after it, whichever files they are in now. */
    @Test
    void rowsOfATraceStayInTheOrderOfTheirCommits() {
        List<DecisionRecord> ofTrace = new ArrayList<>();
        for (int number = 1; number <= 23; number++) {
            DecisionRecord row = number == 1 ? sampled(5, 1) : late(5, number);
            ofTrace.add(row);
            ledger.record(cycle(number), List.of(row, sampled(100 - number, number)));
            if (number % 7 == 0) {
                compact();
            }
        }

        assertThat(files()).hasSizeLessThan(10);
        assertThat(rows(ofTrace(5))).isEqualTo(ofTrace);
    }

    @Test
    void largeFilesAndFewSmallOnesAreLeftAlone() {
        recordCycles(1, 3);
        compact();
        assertThat(files()).as("few").hasSize(3);

        recordCycles(4, 12);
        new LedgerCompaction(new CompactionPlan(4, 1_000, 1 << 20, 1_000), 1 << 20).apply(table(), Runnable::run);
        assertThat(files()).as("large").hasSize(12);
    }

    /** A row would be rewritten with every file that comes, else. */
    @Test
    void filesAreRewrittenByTheirSize() {
        long bytes = 0;
        recordCycles(1, 1);
        long one = files().getFirst().fileSizeInBytes();
        CompactionPlan plan = new CompactionPlan(4, one * 40, 1 << 30, 1_000);
        LedgerCompaction compaction = new LedgerCompaction(plan, Long.MAX_VALUE);
        for (int number = 2; number <= 60; number++) {
            recordCycles(number, number);
            bytes += plan.groups(table()).stream().mapToLong(CompactionPlan::bytes).sum();
            compaction.apply(table(), Runnable::run);
            assertThat(files()).hasSizeLessThanOrEqualTo(12);
        }

        assertThat(bytes / (60.0 * one)).as("how often a row is rewritten").isBetween(0.5, 4.0);
        assertThat(rows(DecisionFilter.ALL)).hasSize(300);
    }

    @Test
    void aDayThatHasPassedIsLeftWithAsFewFilesAsCanBe() {
        Instant noon = Instant.parse("2026-01-01T12:00:00Z");
        ledger.record(cycle(1), List.of(decidedAt(sampled(1, 1), noon)));
        ledger.record(cycle(2), List.of(decidedAt(sampled(2, 2), noon)));
        compact();
        assertThat(files()).as("the day has not passed").hasSize(2);
        ledger.record(cycle(3), List.of(decidedAt(sampled(3, 3), noon.plus(Duration.ofDays(1)))));
        compact();

        assertThat(files()).hasSize(2).extracting(DataFile::recordCount).containsExactlyInAnyOrder(1L, 2L);
        assertThat(rows(DecisionFilter.ALL)).extracting(DecisionRecord::cycle).containsExactly(1L, 2L, 3L);
    }

    @Test
    void oneRunRewritesABoundedAmount() {
        recordCycles(1, 12);
        long one = files().stream().mapToLong(DataFile::fileSizeInBytes).max().orElseThrow();
        LedgerCompaction bounded = new LedgerCompaction(new CompactionPlan(4, 1 << 20, 4 * one, 1_000), 1);
        bounded.apply(table(), Runnable::run);
        assertThat(files()).as("four became one").hasSize(9);
        bounded.apply(table(), Runnable::run);
        assertThat(files()).hasSizeLessThan(9);
        assertThat(rows(DecisionFilter.ALL)).hasSize(60);
    }

    /** Those of earlier releases, say: to sort them they must be in memory. */
    @Test
    void manyRowsInNoOrderAreLeftAlone() {
        for (int number = 1; number <= 4; number++) {
            ledger.record(cycle(number), List.of(sampled(2, number), sampled(1, number)));
        }
        assertThat(files()).noneMatch(file -> LedgerFile.isSorted(table(), file));
        new LedgerCompaction(new CompactionPlan(4, 1 << 20, 1 << 20, 1), 1 << 20).apply(table(), Runnable::run);
        assertThat(files()).hasSize(4);
        new LedgerCompaction(new CompactionPlan(4, 1 << 20, 1 << 20, 4), 1 << 20).apply(table(), Runnable::run);
        assertThat(files()).as("two of them at once").hasSize(2);
    }

    /** They would come back. */
    @Test
    void filesOfWhichSomebodyDeletedRowsAreLeftAlone() {
        recordCycles(1, 5);
        DeleteFile deletes = FileMetadata.deleteFileBuilder(table().spec()).ofPositionDeletes()
                .withPath(warehouse + "/deletes.parquet").withFileSizeInBytes(10).withRecordCount(1)
                .withPartition(files().getFirst().partition()).build();
        table().newRowDelta().addDeletes(deletes).commit();
        recordCycles(6, 10);
        compact();

        assertThat(files()).as("those after it are one").hasSize(6);
    }

    @Test
    void aReaderThatBeganBeforeEndsAsItBegan() {
        List<DecisionRecord> recorded = recordCycles(1, 8);
        Set<DecisionRecord> read = new HashSet<>();
        boolean[] compacted = {false};
        ledger.forEach(DecisionFilter.ALL, row -> {
            if (!compacted[0]) {
                compacted[0] = true;
                compact();
            }
            read.add(row);
        });

        assertThat(files()).hasSize(1);
        assertThat(read).containsExactlyInAnyOrderElementsOf(recorded);
    }

    @Test
    void cyclesThatAreRecordedMeanwhileAreNoConflict() {
        recordCycles(1, 8);
        DecisionLedger other = new DecisionLedger(lake.catalog, "tss", NEVER);
        catalog.onNextRefresh(() -> other.record(cycle(9), List.of(sampled(9, 9))));
        compact();
        assertThat(files()).as("and the new one").hasSize(2);
        recordCycles(10, 12);
        catalog.next(Fault.CONFLICT, 2);
        compact();
        assertThat(files()).hasSize(1);
        assertThat(rows(DecisionFilter.ALL)).hasSize(8 * 5 + 1 + 3 * 5);
    }

    @Test
    void ofTwoThatRewriteTheSameFilesOneGivesUpAndLeavesNothing() {
        List<DecisionRecord> recorded = recordCycles(1, 8);
        Table table = table();
        catalog.onNextRefresh(this::compact);
        AT_ONCE.apply(table, Runnable::run);

        assertThat(files()).hasSize(1);
        assertThat(rows(DecisionFilter.ALL)).containsExactlyInAnyOrderElementsOf(recorded);
        assertThat(filesOnDisk()).as("eight old ones, and one for both").hasSize(9);
    }

    @Test
    void aCommitThatFailsLeavesNothing() {
        recordCycles(1, 8);
        catalog.next(Fault.CONFLICT, 3);
        compact();

        assertThat(catalog.left()).isZero();
        assertThat(files()).hasSize(8);
        assertThat(filesOnDisk()).hasSize(8);
    }

    @Test
    void anUnknownOutcomeKeepsTheFiles() {
        List<DecisionRecord> recorded = recordCycles(1, 8);
        catalog.next(Fault.ANSWER_LOST, 1);
        compact();

        assertThat(files()).hasSize(1);
        assertThat(rows(DecisionFilter.ALL)).containsExactlyInAnyOrderElementsOf(recorded);
    }

    @Test
    void oldFilesGoWithTheirSnapshots() {
        recordCycles(1, 8);
        compact();
        assertThat(filesOnDisk()).hasSize(9);
        ledger.record(cycle(9), List.of());
        new LedgerRetention(Duration.ZERO, 1_000, 2L << 20, Duration.ofMillis(-1)).apply(table());

        assertThat(filesOnDisk()).hasSize(1);
        assertThat(rows(DecisionFilter.ALL)).hasSize(40);
    }

    /** Nobody has to ask for it. */
    @Test
    void theLedgerCompactsItself() {
        DecisionLedger own = new DecisionLedger(lake.catalog, "tss",
                new LedgerHousekeeping(AT_ONCE, LedgerRetention.DEFAULT, 6));
        IntStream.rangeClosed(1, 13)
                .forEach(number -> own.record(cycle(number), List.of(sampled(number, number))));

        assertThat(files()).hasSizeLessThanOrEqualTo(3);
        assertThat(rows(DecisionFilter.ALL)).extracting(DecisionRecord::cycle).hasSize(13).doesNotHaveDuplicates();
    }
}
