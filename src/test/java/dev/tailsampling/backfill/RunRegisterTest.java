package dev.tailsampling.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.MemoryLedger;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.store.MemoryBackfillRuns;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunRegisterTest {

    private static final BackfillRun RUN =
            Backfills.run("may", "a.table", 0, 10, BackfillMode.RECORD, Backfills.POLICIES);
    private static final List<BackfillSlice> SLICES = List.of(new BackfillSlice(1, 0, 10));

    private final MemoryBackfillRuns runs = new MemoryBackfillRuns();
    private final MemoryLedger ledger = new MemoryLedger();
    private final RunRegister register = new RunRegister(runs, ledger);

    private List<BackfillSlice> enter(BackfillRun run) {
        return register.enter(run, () -> SLICES);
    }

    @Test
    void aRunThatGoesOnKeepsItsSlices() {
        assertThat(enter(RUN)).isEqualTo(SLICES);
        assertThat(register.enter(RUN, () -> {
            throw new AssertionError("planned twice");
        })).isEqualTo(SLICES);
    }

    @Test
    void anotherTaskIsRefused() {
        enter(RUN);

        for (BackfillRun other : List.of(
                Backfills.run("may", "b.table", 0, 10, BackfillMode.RECORD, Backfills.POLICIES),
                Backfills.run("may", "a.table", 1, 10, BackfillMode.RECORD, Backfills.POLICIES),
                Backfills.run("may", "a.table", 0, 11, BackfillMode.RECORD, Backfills.POLICIES),
                Backfills.run("may", "a.table", 0, 10, BackfillMode.EXPORT, Backfills.POLICIES),
                Backfills.run("may", "a.table", 0, 10, BackfillMode.RECORD, Backfills.policies(0.9)))) {
            assertThatThrownBy(() -> enter(other)).isInstanceOf(BackfillException.class)
                    .hasMessageStartingWith("run may was started with ")
                    .hasMessageEndingWith(": go on with the same, or give another --run-id");
        }
    }

    /** To begin anew would record everything twice. */
    @Test
    void aRunThatTheLedgerHasForgottenIsRefused() {
        enter(RUN);
        assertThat(enter(RUN)).as("nothing was done yet").isEqualTo(SLICES);
        runs.finishSlice("may", 1, BackfillSlice.Counts.NONE);
        assertThatThrownBy(() -> enter(RUN)).isInstanceOf(BackfillException.class)
                .hasMessageContaining("the ledger has forgotten how far run may came");

        runs.finish("may", Instant.EPOCH);
        assertThat(enter(RUN)).as("one that ended has a report all the same").hasSize(1);
    }

    @Test
    void anIdThatTheLedgerKnowsFromElsewhereIsRefused() {
        ledger.record(new LoggedCycle(RUN.key().text(), 1, "id", "may", "v", SourceCursor.START, SourceOffsets.NONE,
                List.of()), List.of());

        assertThatThrownBy(() -> enter(RUN)).isInstanceOf(BackfillException.class)
                .hasMessageContaining("give another --run-id");
        assertThat(enter(Backfills.run("may", "a.table", 0, 10, BackfillMode.DRY_RUN, Backfills.POLICIES)))
                .as("a dry run is not in the ledger").isEqualTo(SLICES);
    }
}
