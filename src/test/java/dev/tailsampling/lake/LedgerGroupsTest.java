package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.lake.FaultyCatalog.Fault;
import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.CycleGroup;
import dev.tailsampling.selector.CycleGroupLog;
import dev.tailsampling.selector.CycleGroupLogContract;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LoggedCycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.relocated.com.google.common.collect.Iterables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cycles that are recorded together, in the table. */
class LedgerGroupsTest extends CycleGroupLogContract {

    private static final LedgerRetention NOTHING_TO_KEEP =
            new LedgerRetention(Duration.ZERO, 1_000, 2L << 20, Duration.ofDays(3));

    @TempDir
    private Path warehouse;

    private final FaultyCatalog catalog = new FaultyCatalog(new LocalFileIO());
    private TestLake lake;
    private DecisionLedger ledger;

    @BeforeEach
    void open() {
        catalog.initialize("faulty", Map.of("warehouse", warehouse.toString()));
        lake = TestLake.of(catalog);
        ledger = new DecisionLedger(lake.catalog, "tss");
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Override
    protected CycleGroupLog ledger() {
        return ledger;
    }

    private Table table() {
        return lake.catalog.find(TableName.in("tss", "trace_decisions")).orElseThrow();
    }

    private long parquetFiles() {
        try (Stream<Path> files = Files.walk(warehouse)) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<CycleGroup> both(long previous, long last) {
        return List.of(group(FIRST, previous, last), group(SECOND, previous, last));
    }

    @Test
    void manyCyclesAreOneCommitOfOneFile() {
        ledger.recordTogether(both(0, 20), List.of(row(FIRST, 3), row(SECOND, 20), row(FIRST, 19)));

        assertThat(table().snapshots()).hasSize(1);
        assertThat(table().currentSnapshot().summary()).containsEntry("added-data-files", "1")
                .containsEntry("tss.group.0", "orders/0 20 orders/0%20until%2020 run v1 topic%2520%20id 0 3:200 20000"
                        + " 3:0  0 1@3:10" + ";+10".repeat(18))
                .containsKey("tss.group.1").doesNotContainKeys("tss.group.2", "tss.source");
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundInTheHistory() {
        ledger.recordTogether(both(0, 1), List.of(row(FIRST, 1)));
        catalog.next(Fault.ANSWER_LOST, 1);
        ledger.recordTogether(both(1, 3), List.of(row(FIRST, 2)));
        catalog.next(Fault.REQUEST_LOST, 2);
        ledger.recordTogether(both(3, 4), List.of(row(SECOND, 4)));
        catalog.next(Fault.CONFLICT, 2);
        ledger.recordTogether(both(4, 5), List.of());

        assertThat(rows()).containsExactlyInAnyOrder(row(FIRST, 1), row(FIRST, 2), row(SECOND, 4));
        assertThat(ledger.cycles(SECOND, 1)).extracting(LoggedCycle::cycle).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(table().snapshots()).hasSize(4);
    }

    @Test
    void anUnknownOutcomeSaysWhatToLookFor() {
        ledger.recordTogether(both(0, 1), List.of());
        catalog.next(Fault.REQUEST_LOST, 100);

        assertThatThrownBy(() -> ledger.recordTogether(both(1, 2), List.of(row(FIRST, 2))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cycle 2 of orders/0 with cycles of 1 other sources")
                .hasMessageContaining("is not known").hasMessageContaining("orders/0 until 2");
    }

    /** The base of the commit counts, not what was looked at before. */
    @Test
    void aWriterThatWasPausedBeforeItsCommitLeavesNothing() {
        DecisionLedger successor = new DecisionLedger(lake.catalog, "tss");
        ledger.recordTogether(both(0, 1), List.of(row(FIRST, 1)));
        CycleGroup another = group(SECOND, 1, 3);
        catalog.onNextRefresh(() -> successor.recordTogether(List.of(another), List.of(row(SECOND, 2))));

        assertThatThrownBy(() -> ledger.recordTogether(both(1, 2), List.of(row(FIRST, 2))))
                .isInstanceOfSatisfying(ConcurrentCycleException.class, e -> assertThat(e.source()).isEqualTo(SECOND))
                .hasMessageContaining("newest is 3");
        assertThat(rows()).containsExactlyInAnyOrder(row(FIRST, 1), row(SECOND, 2));
        assertThat(parquetFiles()).isEqualTo(2);
    }

    /** It had been given up, and the next attempt has one more source. */
    @Test
    void anAttemptThatArrivesAfterAllIsNotWrittenTwice() {
        DecisionLedger earlier = new DecisionLedger(lake.catalog, "tss");
        ledger.recordTogether(both(0, 1), List.of());
        CycleGroup first = group(FIRST, 1, 2);
        catalog.onNextRefresh(() -> earlier.recordTogether(List.of(first), List.of(row(FIRST, 2))));
        List<CycleGroup> more = List.of(group(SECOND, 1, 2), first);
        List<DecisionRecord> decisions = List.of(row(FIRST, 2), row(SECOND, 2));

        assertThatThrownBy(() -> ledger.recordTogether(more, decisions))
                .isInstanceOf(ConcurrentCycleException.class).hasMessageContaining("recorded meanwhile");
        ledger.recordTogether(more, decisions);
        assertThat(rows()).containsExactlyInAnyOrderElementsOf(decisions);
    }

    /** A cycle of an active table that leaves no trace open. */
    private static LoggedCycle closed(long number) {
        LoggedCycle cycle = Decisions.cycle(number);
        return new LoggedCycle(cycle.source(), number, cycle.cycleId(), cycle.runId(), cycle.policySet(),
                cycle.cursor(), cycle.cursor().nextOffsets(), List.of());
    }

    /** Beside the newest cycle, which is told in full, only the numbers and offsets of the others count. */
    @Test
    void whatARestingSourceNeedsIsStatedAgain() {
        ledger.recordTogether(List.of(group(FIRST, 0, 3, 7)), List.of());
        ledger.recordTogether(List.of(group(FIRST, 3, 5, 7)), List.of(row(FIRST, 5)));
        for (int week = 1; week <= 3; week++) {
            ledger.record(closed(2 * week - 1), List.of());
            ledger.record(closed(2 * week), List.of());
            NOTHING_TO_KEEP.apply(table());

            assertThat(Iterables.size(table().snapshots())).isLessThanOrEqualTo(2);
            assertThat(ledger.latest(FIRST)).contains(group(FIRST, 3, 5, 7).last());
            assertThat(ledger.fencingToken(FIRST)).isEqualTo(7);
            assertThat(ledger.cycles(FIRST, 1)).as("3 is unconfirmed, 4 read what is to be folded again")
                    .extracting(LoggedCycle::cycle).containsExactly(3L, 4L, 5L);
            assertThat(ledger.cycles(FIRST, 1)).extracting(cycle -> cycle.cursor().nextOffsets())
                    .containsExactly(nextOffsets(3), nextOffsets(4), nextOffsets(5));
        }
        assertThatThrownBy(() -> ledger.recordTogether(List.of(group(FIRST, 4, 6)), List.of()))
                .isInstanceOf(ConcurrentCycleException.class);
        ledger.recordTogether(List.of(group(FIRST, 5, 6)), List.of());
        assertThat(ledger.latest(FIRST)).contains(group(FIRST, 5, 6).last());
        assertThat(rows()).containsExactly(row(FIRST, 5));
    }

    @Test
    void summariesBoundTheHistory() {
        for (int number = 0; number < 10; number++) {
            ledger.recordTogether(both(10 * number, 10 * number + 10), List.of());
        }
        long bytes = table().currentSnapshot().summary().toString().length();
        new LedgerRetention(Duration.ofDays(1), 1_000, 4 * bytes, Duration.ofDays(3)).apply(table());

        assertThat(Iterables.size(table().snapshots())).isBetween(4, 6);
        assertThat(ledger.latest(FIRST)).contains(group(FIRST, 90, 100).last());
    }

    @Test
    void theLedgerCompactsItself() {
        DecisionLedger tidy = new DecisionLedger(lake.catalog, "tss",
                new LedgerHousekeeping(LedgerCompaction.DEFAULT, LedgerRetention.DEFAULT, 12));
        List<DecisionRecord> decisions = new ArrayList<>();
        for (int number = 1; number <= 12; number++) {
            List<DecisionRecord> rows = List.of(row(FIRST, number), row(SECOND, number));
            tidy.recordTogether(both(number - 1, number), rows);
            decisions.addAll(rows);
        }

        assertThat(table().currentSnapshot().summary()).containsEntry("total-data-files", "1");
        assertThat(rows()).containsExactlyInAnyOrderElementsOf(decisions);
        assertThat(tidy.latest(SECOND)).contains(group(SECOND, 11, 12).last());
    }

    /** Ten cycles a second and partition, recorded every five seconds. */
    @Test
    void aGroupTakesFewBytes() {
        int cycles = 50;
        List<CycleGroup> groups = IntStream.range(0, 16)
                .mapToObj(partition -> group("otel-traces-raw/" + partition, 1_000_000, 1_000_000 + cycles)).toList();
        long bytes = groups.stream().mapToLong(group -> GroupSummary.text(group).length()).sum() / groups.size();

        System.out.printf("a group of %d cycles takes %d bytes%n", cycles, bytes);
        assertThat(bytes).isLessThan(200 + 5 * cycles);
    }
}
