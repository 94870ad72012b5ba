package dev.tailsampling.lake;

import static dev.tailsampling.lake.Decisions.SOURCE;
import static dev.tailsampling.lake.Decisions.cycle;
import static dev.tailsampling.lake.Decisions.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.lake.FaultyCatalog.Fault;
import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.SourceOffsets;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit has three outcomes: done, not done, and nobody knows. */
class SummaryCommitTest {

    private final FaultyCatalog catalog = new FaultyCatalog();
    private TestLake lake;
    private DecisionLedger ledger;

    @BeforeEach
    void open() {
        lake = FaultyCatalog.lake(catalog);
        ledger = new DecisionLedger(lake.catalog, "tss");
        ledger.record(cycle(1), List.of(sampled(1, 1)));
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private List<DecisionRecord> rows() {
        List<DecisionRecord> rows = new ArrayList<>();
        ledger.forEach(DecisionFilter.ALL, rows::add);
        return rows;
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundInTheHistory() {
        catalog.next(Fault.ANSWER_LOST, 1);
        ledger.record(cycle(2), List.of(sampled(2, 2)));

        assertThat(ledger.latest(SOURCE)).contains(cycle(2));
        assertThat(rows()).containsExactly(sampled(1, 1), sampled(2, 2));
        ledger.record(cycle(3), List.of());
        assertThat(ledger.cycles(SOURCE, 1)).hasSize(3);
    }

    @Test
    void aCommitThatDidNotArriveIsDoneAgain() {
        catalog.next(Fault.REQUEST_LOST, 2);
        ledger.record(cycle(2), List.of(sampled(2, 2)));

        assertThat(ledger.cycles(SOURCE, 1)).containsExactly(cycle(1), cycle(2));
        assertThat(rows()).containsExactly(sampled(1, 1), sampled(2, 2));
    }

    @Test
    void aConflictIsTriedAgain() {
        catalog.next(Fault.CONFLICT, 3);
        ledger.record(cycle(2), List.of(sampled(2, 2)));

        assertThat(catalog.left()).isZero();
        assertThat(rows()).containsExactly(sampled(1, 1), sampled(2, 2));
    }

    @Test
    void endlessConflictsEndWithoutATrace() {
        catalog.next(Fault.CONFLICT, 100);
        assertThatThrownBy(() -> ledger.record(cycle(2), List.of(sampled(2, 2))))
                .isInstanceOf(UncheckedIOException.class).hasMessageContaining("cycle 2 of otel.spans")
                .hasMessageContaining("lost against other writers");
        assertThat(ledger.latest(SOURCE)).contains(cycle(1));
    }

    @Test
    void anUnknownOutcomeKeepsTheFilesAndSaysWhatToLookFor() {
        catalog.next(Fault.REQUEST_LOST, 100);
        assertThatThrownBy(() -> ledger.record(cycle(2), List.of(sampled(2, 2))))
                .isInstanceOf(UncheckedIOException.class).hasMessageContaining("is not known")
                .hasMessageContaining(cycle(2).cycleId());
    }

    /** What is committed is committed, whatever becomes of the housekeeping. */
    @Test
    void aCatalogThatGoesAwayAfterTheCommitFailsNeitherCycleNorFence() {
        DecisionLedger tidy = new DecisionLedger(lake.catalog, "tss",
                new LedgerHousekeeping(LedgerCompaction.DEFAULT, LedgerRetention.DEFAULT, 1));
        catalog.goAwayAfterCommit();
        tidy.record(cycle(2), List.of(sampled(2, 2)));
        assertThatThrownBy(() -> tidy.latest(SOURCE)).hasStackTraceContaining("the catalog is away");
        catalog.comeBack();
        assertThat(tidy.latest(SOURCE)).contains(cycle(2));

        catalog.goAwayAfterCommit();
        tidy.fence(SOURCE, 5, "run-5");
        catalog.comeBack();
        assertThat(tidy.fencingToken(SOURCE)).isEqualTo(5);
    }

    /** Iceberg would rebase the append onto the other's commit, long after we looked at the ledger. */
    @Test
    void aWriterThatWasPausedBeforeItsCommitDoesNotCommitOverItsSuccessor() {
        DecisionLedger successor = new DecisionLedger(lake.catalog, "tss");
        LoggedCycle late = new LoggedCycle(SOURCE, 2, "late", "run-0", "v1", cycle(2).cursor(), SourceOffsets.NONE,
                List.of());
        catalog.onNextRefresh(() -> successor.record(cycle(2), List.of(sampled(2, 2))));

        assertThatThrownBy(() -> ledger.record(late, List.of(sampled(3, 2))))
                .isInstanceOf(ConcurrentCycleException.class).hasMessageContaining("newest is 2");
        assertThat(ledger.cycles(SOURCE, 1)).containsExactly(cycle(1), cycle(2));
        assertThat(rows()).containsExactly(sampled(1, 1), sampled(2, 2));
    }
}
