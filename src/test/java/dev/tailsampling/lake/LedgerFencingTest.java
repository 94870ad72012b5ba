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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two instances that hold a table's lease one after the other, the earlier one can record nothing any more. */
class LedgerFencingTest {

    @TempDir
    private Path warehouse;

    private final FaultyCatalog catalog = new FaultyCatalog(new LocalFileIO());
    private TestLake lake;
    private DecisionLedger oldLeader;
    private DecisionLedger newLeader;

    @BeforeEach
    void open() {
        catalog.initialize("faulty", Map.of(CatalogProperties.WAREHOUSE_LOCATION, warehouse.toString()));
        lake = TestLake.of(catalog);
        oldLeader = new DecisionLedger(lake.catalog, "tss");
        newLeader = new DecisionLedger(lake.catalog, "tss");
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private static LoggedCycle leased(LoggedCycle cycle, long token) {
        return new LoggedCycle(cycle.source(), cycle.cycle(), cycle.cycleId(), "run-of-" + token, cycle.policySet(),
                cycle.cursor(), cycle.replayFrom(), cycle.unconfirmedExports(), token);
    }

    private Table table() {
        return lake.catalog.find(TableName.in("tss", "trace_decisions")).orElseThrow();
    }

    private List<DecisionRecord> rows() {
        List<DecisionRecord> rows = new ArrayList<>();
        newLeader.forEach(DecisionFilter.ALL, rows::add);
        return rows;
    }

    /** Data files, manifests and lists of them. */
    private Set<Path> files() {
        try (Stream<Path> files = Files.walk(warehouse)) {
            return files.filter(Files::isRegularFile).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theTokenStandsInTheSummaryAndIsFound() {
        assertThat(newLeader.fencingToken(SOURCE)).isZero();
        oldLeader.record(leased(cycle(1), 7), List.of(sampled(1, 1)));
        oldLeader.record(cycle("other.table", 1), List.of());

        assertThat(newLeader.fencingToken(SOURCE)).isEqualTo(7);
        assertThat(newLeader.fencingToken("other.table")).isZero();
        assertThat(newLeader.latest(SOURCE)).contains(leased(cycle(1), 7));
    }

    @Test
    void aFenceIsACommitWithoutFilesAndNoCycle() {
        oldLeader.record(leased(cycle(1), 1), List.of(sampled(1, 1)));
        newLeader.fence(SOURCE, 2, "run-2");
        newLeader.fence(SOURCE, 2, "run-2");

        assertThat(table().snapshots()).as("once").hasSize(2);
        assertThat(table().currentSnapshot().summary()).containsEntry("tss.fence.source", SOURCE)
                .containsEntry("tss.fence.token", "2").containsEntry("tss.fence.run-id", "run-2")
                .containsEntry("total-data-files", "1").doesNotContainKey("tss.source");
        assertThat(newLeader.fencingToken(SOURCE)).isEqualTo(2);
        assertThat(newLeader.latest(SOURCE)).contains(leased(cycle(1), 1));
    }

    /** A leader that tries again under the lease that it has, as often as it likes. */
    @Test
    void aFenceThatIsKnownIsNotWrittenAgainWhateverSaidIt() {
        newLeader.record(leased(cycle(1), 3), List.of(sampled(1, 1)));
        newLeader.fence(SOURCE, 3, "another-run");
        newLeader.fence("other.table", 4, "run-4");
        newLeader.record(cycle(2), List.of());
        Set<Path> before = files();
        newLeader.fence(SOURCE, 3, "run-3");
        newLeader.fence("other.table", 4, "another-run");

        assertThat(files()).isEqualTo(before);
        assertThat(table().snapshots()).hasSize(3);
    }

    @Test
    void aLesserTokenIsRefused() {
        newLeader.fence(SOURCE, 5, "run-5");
        Set<Path> before = files();

        assertThatThrownBy(() -> oldLeader.fence(SOURCE, 4, "run-4")).isInstanceOf(ConcurrentCycleException.class)
                .hasMessageContaining("another instance leads otel.spans now, with fencing token 5")
                .hasMessageContaining("this one's is 4");
        assertThatThrownBy(() -> oldLeader.record(leased(cycle(1), 4), List.of(sampled(1, 1))))
                .isInstanceOf(ConcurrentCycleException.class)
                .hasMessageContaining("cycle 1 of otel.spans cannot be recorded")
                .hasMessageContaining("another instance leads otel.spans now");
        assertThat(files()).isEqualTo(before).isNotEmpty();
        newLeader.record(leased(cycle(1), 5), List.of(sampled(1, 1)));
        newLeader.record(leased(cycle(2), 6), List.of());
        assertThat(newLeader.fencingToken(SOURCE)).isEqualTo(6);
    }

    @Test
    void tokensBeginAtOne() {
        assertThatThrownBy(() -> newLeader.fence(SOURCE, 0, "run-0")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fencesOfOtherSourcesDoNotMatter() {
        newLeader.fence("other.table", 9, "run-9");
        oldLeader.record(leased(cycle(1), 1), List.of());

        assertThat(newLeader.fencingToken(SOURCE)).isEqualTo(1);
    }

    /** Embedded, there is no lease: the number of the cycle says enough. */
    @Test
    void writersWithoutALeaseAreHeldToTheCycleNumberOnly() {
        newLeader.fence(SOURCE, 3, "run-3");
        oldLeader.record(cycle(1), List.of());
        assertThatThrownBy(() -> oldLeader.record(cycle(3), List.of())).isInstanceOf(ConcurrentCycleException.class);

        assertThat(newLeader.latest(SOURCE)).contains(cycle(1));
        assertThat(newLeader.fencingToken(SOURCE)).as("not forgotten").isEqualTo(3);
    }

    /** The old leader's rows are written and its commit is under way; the new one has decided nothing yet. */
    @Test
    void aPausedLeadersCommitIsRefusedAndNothingOfItIsLeft() {
        oldLeader.record(leased(cycle(1), 1), List.of(sampled(1, 1)));
        Set<Path> before = files();
        List<Path> ofNewLeader = new ArrayList<>();
        catalog.onNextRefresh(() -> {
            Set<Path> without = files();
            newLeader.fence(SOURCE, 2, "run-2");
            ofNewLeader.addAll(files());
            ofNewLeader.removeAll(without);
        });

        assertThatThrownBy(() -> oldLeader.record(leased(cycle(2), 1), List.of(sampled(2, 2))))
                .isInstanceOf(ConcurrentCycleException.class)
                .hasMessageContaining("cycle 2 of otel.spans cannot be recorded")
                .hasMessageContaining("with fencing token 2");
        assertThat(newLeader.latest(SOURCE)).contains(leased(cycle(1), 1));
        assertThat(rows()).containsExactly(sampled(1, 1));
        before.addAll(ofNewLeader);
        assertThat(files()).isEqualTo(before);
        newLeader.record(leased(cycle(2), 2), List.of(sampled(3, 2)));
        assertThat(rows()).containsExactly(sampled(1, 1), sampled(3, 2));
    }

    /** While the rows are being written is the longest time that a leader can be paused. */
    @Test
    void aLeaderThatIsPausedWhileItWritesRowsIsRefused() {
        assertThatThrownBy(() -> oldLeader.record(leased(cycle(1), 1), () -> {
            newLeader.fence(SOURCE, 2, "run-2");
            return List.of(sampled(1, 1)).iterator();
        })).isInstanceOf(ConcurrentCycleException.class).hasMessageContaining("another instance leads");

        assertThat(newLeader.latest(SOURCE)).isEmpty();
        assertThat(files()).noneMatch(file -> file.toString().endsWith(".parquet"));
    }

    /** The old leader was faster: its cycle is there, and the new one goes on after it. */
    @Test
    void aCycleThatIsCommittedDuringAFenceComesBeforeIt() {
        newLeader.identity();
        catalog.onNextRefresh(() -> oldLeader.record(leased(cycle(1), 1), List.of(sampled(1, 1))));
        newLeader.fence(SOURCE, 2, "run-2");

        assertThat(newLeader.latest(SOURCE)).contains(leased(cycle(1), 1));
        assertThatThrownBy(() -> oldLeader.record(leased(cycle(2), 1), List.of()))
                .isInstanceOf(ConcurrentCycleException.class);
    }

    @Test
    void aFenceWhoseAnswerIsLostIsThereOnce() {
        newLeader.identity();
        catalog.next(Fault.ANSWER_LOST, 1);
        newLeader.fence(SOURCE, 2, "run-2");
        catalog.next(Fault.REQUEST_LOST, 2);
        newLeader.fence(SOURCE, 3, "run-3");
        catalog.next(Fault.CONFLICT, 2);
        newLeader.fence(SOURCE, 4, "run-4");

        assertThat(newLeader.fencingToken(SOURCE)).isEqualTo(4);
        assertThat(table().snapshots()).hasSize(3);
    }
}
