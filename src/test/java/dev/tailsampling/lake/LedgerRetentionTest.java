package dev.tailsampling.lake;

import static dev.tailsampling.lake.Decisions.SOURCE;
import static dev.tailsampling.lake.Decisions.cycle;
import static dev.tailsampling.lake.Decisions.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LedgerKey;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.SourceOffsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.relocated.com.google.common.collect.Iterables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes with old snapshots, and what must not. */
class LedgerRetentionTest {

    private static final String RESTING = "resting.table";
    private static final Duration DAYS = Duration.ofDays(3);
    private static final LedgerRetention NOTHING_TO_KEEP = new LedgerRetention(Duration.ZERO, 1_000, 2L << 20, DAYS);

    private final FaultyCatalog catalog = new FaultyCatalog();
    private TestLake lake;
    private DecisionLedger ledger;

    @BeforeEach
    void open() {
        lake = FaultyCatalog.lake(catalog);
        ledger = new DecisionLedger(lake.catalog, "tss");
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private Table table() {
        return lake.catalog.find(TableName.in("tss", "trace_decisions")).orElseThrow();
    }

    private int snapshots() {
        return Iterables.size(table().snapshots());
    }

    private List<DecisionRecord> rows() {
        List<DecisionRecord> rows = new ArrayList<>();
        ledger.forEach(DecisionFilter.ALL, rows::add);
        return rows;
    }

    /** A cycle that leaves no trace open. */
    private static LoggedCycle closed(String source, long number, Long... unconfirmed) {
        LoggedCycle cycle = cycle(source, number);
        return new LoggedCycle(source, number, cycle.cycleId(), cycle.runId(), cycle.policySet(), cycle.cursor(),
                cycle.cursor().nextOffsets(), List.of(unconfirmed));
    }

    private static LoggedCycle leased(LoggedCycle cycle, long token) {
        return new LoggedCycle(cycle.source(), cycle.cycle(), cycle.cycleId(), cycle.runId(), cycle.policySet(),
                cycle.cursor(), cycle.replayFrom(), cycle.unconfirmedExports(), token);
    }

    private void recordClosed(int from, int to) {
        for (int number = from; number <= to; number++) {
            ledger.record(closed(SOURCE, number), List.of(sampled(number, number)));
        }
    }

    @Test
    void oldCyclesGoButNotTheirRows() {
        recordClosed(1, 6);
        new LedgerRetention(Duration.ofHours(1), 1_000, 2L << 20, DAYS).apply(table());
        assertThat(ledger.cycles(SOURCE, 1)).as("not old enough").hasSize(6);
        new LedgerRetention(Duration.ofHours(1), 3, 2L << 20, DAYS).apply(table());
        assertThat(ledger.cycles(SOURCE, 1)).as("too many").hasSize(3);
        NOTHING_TO_KEEP.apply(table());

        assertThat(ledger.cycles(SOURCE, 1)).containsExactly(closed(SOURCE, 6));
        assertThat(snapshots()).as("nothing had to be stated again").isEqualTo(1);
        assertThat(rows()).hasSize(6);
    }

    /** It kept all that was younger than its newest cycle, for ever. */
    @Test
    void aSourceThatRestsForWeeksKeepsNoHistoryAndIsFoundAgain() {
        ledger.record(closed(RESTING, 1), List.of());
        ledger.record(closed(RESTING, 2, 1L), List.of());
        for (int week = 0; week < 4; week++) {
            recordClosed(1 + 5 * week, 5 + 5 * week);
            NOTHING_TO_KEEP.apply(table());

            assertThat(snapshots()).isLessThanOrEqualTo(2);
            assertThat(ledger.latest(RESTING)).contains(closed(RESTING, 2, 1L));
            assertThat(ledger.cycles(RESTING, 1)).as("one of them has to be exported still")
                    .containsExactly(closed(RESTING, 1), closed(RESTING, 2, 1L));
            assertThat(ledger.latest(SOURCE)).contains(closed(SOURCE, 5 + 5 * week));
        }
        assertThatThrownBy(() -> ledger.record(closed(RESTING, 4), List.of()))
                .isInstanceOf(ConcurrentCycleException.class);
        ledger.record(closed(RESTING, 3), List.of());
        assertThat(ledger.latest(RESTING)).contains(closed(RESTING, 3));
    }

    /** Embedded ones after leased ones, say: the token counts, although the newest cycle has none. */
    @Test
    void theNewestFenceIsFoundAgain() {
        ledger.record(leased(closed(RESTING, 1), 7), List.of());
        ledger.record(closed(RESTING, 2), List.of());
        ledger.fence("fenced.table", 3, "run-3");
        for (int week = 0; week < 3; week++) {
            recordClosed(1 + 2 * week, 2 + 2 * week);
            NOTHING_TO_KEEP.apply(table());
        }

        assertThat(snapshots()).isLessThanOrEqualTo(2);
        assertThat(ledger.fencingToken(RESTING)).isEqualTo(7);
        assertThat(ledger.latest(RESTING)).contains(closed(RESTING, 2));
        assertThat(ledger.latest("fenced.table")).isEmpty();
        assertThatThrownBy(() -> ledger.record(leased(closed(RESTING, 3), 6), List.of()))
                .isInstanceOf(ConcurrentCycleException.class).hasMessageContaining("fencing token 7");
        assertThatThrownBy(() -> ledger.fence("fenced.table", 2, "run-2"))
                .isInstanceOf(ConcurrentCycleException.class);
    }

    /** A table that cannot be read yet, say, whose leader comes anew with each attempt. */
    @Test
    void fencesWithoutCyclesDoNotMakeTheHistoryLong() {
        int most = 5;
        DecisionLedger tidy = new DecisionLedger(lake.catalog, "tss", new LedgerHousekeeping(LedgerCompaction.DEFAULT,
                new LedgerRetention(Duration.ofDays(1), most, 2L << 20, DAYS), most));
        tidy.record(leased(closed(RESTING, 1), 2), List.of());
        int longest = 0;
        for (int token = 1; token <= 60; token++) {
            tidy.fence("refused.table", token, "run-" + token);
            longest = Math.max(longest, snapshots());
        }

        assertThat(longest).as("some may be of the same millisecond").isLessThanOrEqualTo(4 * most);
        assertThat(tidy.fencingToken("refused.table")).isEqualTo(60);
        assertThat(tidy.fencingToken(RESTING)).isEqualTo(2);
        assertThat(tidy.latest(RESTING)).contains(leased(closed(RESTING, 1), 2));
    }

    @Test
    void whatAnActiveSourceNeedsStaysWithAllThatIsYounger() {
        recordClosed(1, 4);
        ledger.record(closed(SOURCE, 5, 4L), List.of());
        ledger.record(closed(RESTING, 1), List.of());
        ledger.record(closed(SOURCE, 6, 4L), List.of());
        NOTHING_TO_KEEP.apply(table());
        assertThat(ledger.cycles(SOURCE, 1)).as("unconfirmed").extracting(LoggedCycle::cycle)
                .containsExactly(4L, 5L, 6L);

        LoggedCycle open = new LoggedCycle(SOURCE, 7, "id-7", "run-1", "v1", cycle(7).cursor(),
                cycle(5).cursor().nextOffsets(), List.of());
        ledger.record(open, List.of());
        NOTHING_TO_KEEP.apply(table());
        assertThat(ledger.cycles(SOURCE, 1)).as("6 read rows that are to be folded again")
                .containsExactly(closed(SOURCE, 6, 4L), open);
        assertThat(ledger.latest(RESTING)).isPresent();
    }

    /** Its rows may have gone, and what it has not exported will have to be looked at by somebody. */
    @Test
    void ofASourceThatIsGivenUpTheNewestCycleStays() {
        ledger.record(closed(RESTING, 1), List.of());
        ledger.record(closed(RESTING, 2, 1L), List.of());
        recordClosed(1, 1);
        new LedgerRetention(Duration.ZERO, 1_000, 2L << 20, Duration.ofMillis(-1)).apply(table());

        assertThat(ledger.cycles(RESTING, 1)).containsExactly(closed(RESTING, 2, 1L));
    }

    /** Else the ledger's history would grow for ever after the first backfill. */
    @Test
    void theHistoryOfABackfillIsKeptUntilItHasEnded() {
        String run = new LedgerKey(SOURCE, "may").text();
        ledger.record(closed(run, 1), List.of());
        recordClosed(1, 1);
        NOTHING_TO_KEEP.apply(table());
        assertThat(ledger.latest(run)).as("it may go on").isPresent();

        recordClosed(2, 2);
        new LedgerRetention(Duration.ZERO, 1_000, 2L << 20, Duration.ofMillis(-1)).apply(table());
        assertThat(ledger.latest(run)).as("it was given up").isEmpty();

        ledger.record(closed(run, 1), List.of());
        LoggedCycle last = closed(run, 2);
        ledger.record(new LoggedCycle(run, 2, last.cycleId(), last.runId(), last.policySet(), last.cursor().ended(),
                SourceOffsets.NONE, List.of()), List.of());
        recordClosed(3, 3);
        NOTHING_TO_KEEP.apply(table());
        assertThat(ledger.latest(run)).as("it has ended").isEmpty();
        assertThat(ledger.latest(SOURCE)).contains(closed(SOURCE, 3));
    }

    /** What is stated again is older than what the source itself says meanwhile, and must not hide it. */
    @Test
    void aSourceThatGoesOnMeanwhileIsNotThrownBack() {
        ledger.record(closed(RESTING, 1), List.of());
        recordClosed(1, 3);
        DecisionLedger returning = new DecisionLedger(lake.catalog, "tss");
        Table table = table();
        catalog.onNextRefresh(() -> returning.record(closed(RESTING, 2), List.of()));
        NOTHING_TO_KEEP.apply(table);

        assertThat(ledger.latest(RESTING)).contains(closed(RESTING, 2));
        assertThat(ledger.cycles(RESTING, 1)).as("nothing went").hasSize(2);
        NOTHING_TO_KEEP.apply(table());
        assertThat(ledger.latest(RESTING)).contains(closed(RESTING, 2));
        assertThat(ledger.latest(SOURCE)).contains(closed(SOURCE, 3));
    }

    @Test
    void aFailureChangesNothing() {
        ledger.record(closed(RESTING, 1), List.of());
        recordClosed(1, 3);
        catalog.next(FaultyCatalog.Fault.CONFLICT, 1);
        NOTHING_TO_KEEP.apply(table());
        assertThat(snapshots()).isEqualTo(4);

        catalog.next(FaultyCatalog.Fault.ANSWER_LOST, 1);
        NOTHING_TO_KEEP.apply(table());
        assertThat(ledger.latest(RESTING)).contains(closed(RESTING, 1));
        NOTHING_TO_KEEP.apply(table());
        assertThat(ledger.latest(RESTING)).contains(closed(RESTING, 1));
        assertThat(snapshots()).isLessThanOrEqualTo(3);
    }
}
