package dev.tailsampling.lake;

import static dev.tailsampling.lake.Decisions.SOURCE;
import static dev.tailsampling.lake.Decisions.cycle;
import static dev.tailsampling.lake.Decisions.late;
import static dev.tailsampling.lake.Decisions.notSampled;
import static dev.tailsampling.lake.Decisions.row;
import static dev.tailsampling.lake.Decisions.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionFilter.ArrivalRange;
import dev.tailsampling.selector.DecisionFilter.LateSpans;
import dev.tailsampling.selector.DecisionFilter.TakenBy;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LedgerKey;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.TraceFacts;
import dev.tailsampling.trace.Threshold;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionLedgerTest {

    private TestLake lake;
    private DecisionLedger ledger;

    @BeforeEach
    void open() {
        lake = TestLake.inMemory();
        ledger = new DecisionLedger(lake.catalog, "tss.state");
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private Table table() {
        return lake.catalog.find(TableName.in("tss.state", "trace_decisions")).orElseThrow();
    }

    private List<DecisionRecord> rows(DecisionFilter filter) {
        List<DecisionRecord> rows = new ArrayList<>();
        ledger.forEach(filter, rows::add);
        return rows;
    }

    @Test
    void anEmptyLedgerIsEmpty() {
        assertThat(ledger.latest(SOURCE)).isEmpty();
        assertThat(ledger.cycles(SOURCE, 1)).isEmpty();
        assertThat(rows(DecisionFilter.ALL)).isEmpty();
        assertThat(lake.catalog.find(TableName.in("tss.state", "trace_decisions"))).isEmpty();
    }

    @Test
    void itsIdentityIsThatOfItsTable() {
        String identity = ledger.identity();
        ledger.record(cycle(1), List.of());

        assertThat(ledger.identity()).isEqualTo(identity).isEqualTo(table().uuid().toString());
        assertThat(new DecisionLedger(lake.catalog, "another").identity()).isNotEqualTo(identity);
    }

    @Test
    void everyFieldOfARowComesBack() {
        TraceFacts bare = new TraceFacts(Otlp.trace(2), 1, 0, 10, 0, 0, -5, 0, 0, 0, null, List.of(), null, null);
        DecisionRecord dropped = new DecisionRecord(SOURCE, 1, "", "v1", Instant.EPOCH, SourceCursor.NO_TABLE_TIME,
                CompletionReason.MAX_DURATION, bare,
                new Decision(Outcome.DROPPED, "health", "dropped by health", null, List.of()));
        DecisionRecord share = row(SOURCE, 3, 1, CompletionReason.DRAINED, new Decision(Outcome.SAMPLED, "share", "in",
                Threshold.ofProbability(0.1), List.of()));
        ledger.record(cycle(1), List.of(sampled(1, 1), dropped, share));

        assertThat(rows(DecisionFilter.ALL)).containsExactlyInAnyOrder(sampled(1, 1), dropped, share);
    }

    @Test
    void everyFieldOfACycleComesBackAndStandsInTheSummary() {
        LoggedCycle first = cycle(1);
        LoggedCycle second = new LoggedCycle(SOURCE, 2, "id", "run", "v2",
                new SourceCursor("uuid", 7, SourceOffsets.parse("0:12,1:7"), -1), SourceOffsets.NONE, List.of(1L));
        ledger.record(first, List.of(sampled(1, 1)));
        ledger.record(second, List.of(sampled(2, 2)));

        assertThat(ledger.latest(SOURCE)).contains(second);
        assertThat(ledger.cycles(SOURCE, 1)).containsExactly(first, second);
        assertThat(ledger.cycles(SOURCE, 2)).containsExactly(second);
        assertThat(table().currentSnapshot().summary()).containsEntry("tss.source", SOURCE)
                .containsEntry("tss.cycle", "2").containsEntry("tss.cycle-id", "id").containsEntry("tss.run-id", "run")
                .containsEntry("tss.policy-set", "v2").containsEntry("tss.cursor.table-id", "uuid")
                .containsEntry("tss.cursor.sequence-number", "7").containsEntry("tss.cursor.next-offsets", "0:12,1:7")
                .containsEntry("tss.cursor.table-time-ms", "-1").containsEntry("tss.replay-offsets", "")
                .containsEntry("tss.exports-unconfirmed", "1");
    }

    @Test
    void aCycleWithoutDecisionsMovesTheCursor() {
        ledger.record(cycle(1), List.of());
        ledger.record(cycle(2), List.of());

        assertThat(ledger.latest(SOURCE)).contains(cycle(2));
        assertThat(table().currentSnapshot().summary()).containsEntry("total-data-files", "0");
    }

    @Test
    void theTableIsPartitionedByDayAndTellsItsColumns() {
        ledger.record(cycle(1), List.of(sampled(1, 1)));

        assertThat(table().spec().fields().getFirst().transform()).hasToString("day");
        assertThat(table().properties()).containsEntry("write.parquet.compression-codec", "zstd");
        assertThat(table().schema().columns()).hasSize(32).extracting(Types.NestedField::doc).doesNotContainNull();
        assertThat(table().currentSnapshot().operation()).isEqualTo("append");
    }

    @Test
    void adjustedCountIsThatOfAllSamplersTogether() {
        assertThat(adjustedCount(null, "c")).isEqualTo(4.0);
        assertThat(adjustedCount("8", "0")).isEqualTo(2.0);
        assertThat(adjustedCount("8", null)).as("not sampled").isNull();
        assertThat(adjustedCount("f", "0")).as("no sampler of that threshold kept this randomness").isNull();
    }

    private static Object adjustedCount(String incoming, String decided) {
        TraceFacts trace = new TraceFacts(Otlp.trace(2), 1, 0, 10, 0, 0, 0, 0, 0, Threshold.parse("e").value(),
                incoming == null ? null : Threshold.parse(incoming), List.of(), null, null);
        Decision decision = decided == null
                ? new Decision(Outcome.NOT_SAMPLED, null, "", null, List.of())
                : new Decision(Outcome.SAMPLED, "p", "", Threshold.parse(decided), List.of());
        return LedgerRow.of(LedgerSchema.SCHEMA, new DecisionRecord(SOURCE, 1, "", "v1", Instant.EPOCH, 0,
                CompletionReason.QUIET, trace, decision)).getField("adjusted_count");
    }

    /** Columns of later releases are null in its rows, before and after they were added. */
    @Test
    void aLedgerOfAnEarlierReleaseIsContinued() {
        Schema earlier = new Schema(LedgerSchema.SCHEMA.columns().subList(0, 25));
        Table table = lake.catalog.findOrCreate(TableName.in("tss.state", "trace_decisions"), earlier,
                LedgerSchema.SPEC, LedgerSchema.PROPERTIES);
        DataFileWriter writer = new DataFileWriter(table, 1, 1, 1_000_000);
        Record row = GenericRecord.create(table.schema());
        Record complete = LedgerRow.of(LedgerSchema.SCHEMA, notSampled(1, 1));
        table.schema().columns().forEach(column -> row.setField(column.name(), complete.getField(column.name())));
        writer.write(row);
        AppendFiles append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        CycleSummary.write(cycle(1), append);
        append.commit();
        DecisionRecord old = withoutIncomingThreshold(notSampled(1, 1));

        assertThat(rows(DecisionFilter.ALL)).containsExactly(old);
        assertThat(rows(DecisionFilter.ALL.withTakenBy(TakenBy.SCANNER))).containsExactly(old);
        assertThat(rows(DecisionFilter.ALL.withTakenBy(TakenBy.BACKFILL))).isEmpty();
        assertThat(table().schema().columns()).as("reading changes nothing").hasSize(25);
        ledger.record(cycle(2), List.of(sampled(2, 2)));
        assertThat(rows(DecisionFilter.ALL)).containsExactly(old, sampled(2, 2));
        assertThat(rows(DecisionFilter.ALL.withTakenBy(TakenBy.SCANNER))).containsExactly(old, sampled(2, 2));
        assertThat(table().schema().columns()).hasSize(32);
        assertThat(ledger.cycles(SOURCE, 1)).containsExactly(cycle(1), cycle(2));
    }

    private static DecisionRecord withoutIncomingThreshold(DecisionRecord row) {
        TraceFacts trace = row.trace();
        return new DecisionRecord(row.source(), row.cycle(), row.runId(), row.policySet(), row.decidedAt(),
                row.tableTimeMillis(), row.completion(),
                new TraceFacts(trace.traceId(), trace.spanCount(), 0, trace.byteCount(), trace.startUnixNano(),
                        trace.endUnixNano(), trace.firstArrivalMillis(), trace.lastArrivalMillis(), trace.statusBits(),
                        trace.randomness(), null, trace.conditionWords(), trace.rootService(), trace.rootName()),
                row.decision());
    }

    /** Whoever commits meanwhile may be adding the same columns. */
    @Test
    void columnsAreAddedInCompetition() {
        FaultyCatalog faulty = new FaultyCatalog();
        try (TestLake other = FaultyCatalog.lake(faulty)) {
            other.catalog.findOrCreate(TableName.in("tss", "trace_decisions"),
                    new Schema(LedgerSchema.SCHEMA.columns().subList(0, 26)), LedgerSchema.SPEC,
                    LedgerSchema.PROPERTIES);
            DecisionLedger tried = new DecisionLedger(other.catalog, "tss");
            faulty.next(FaultyCatalog.Fault.CONFLICT, 10);
            assertThatThrownBy(tried::identity).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("opening the ledger tss.trace_decisions");
            assertThat(faulty.left()).isZero();
            faulty.next(FaultyCatalog.Fault.CONFLICT, 9);
            tried.identity();
            assertThat(other.catalog.find(TableName.in("tss", "trace_decisions")).orElseThrow().schema().columns())
                    .hasSize(32);
        }
    }

    @Test
    void anotherWritersCycleIsRespected() {
        ledger.record(cycle(1), List.of());
        DecisionLedger other = new DecisionLedger(lake.catalog, "tss.state");
        other.record(cycle(2), List.of());
        LoggedCycle sameNumber = new LoggedCycle(SOURCE, 2, "mine", "run-2", "v1", cycle(2).cursor(),
                SourceOffsets.NONE, List.of());

        assertThatThrownBy(() -> ledger.record(sameNumber, List.of(sampled(1, 2))))
                .isInstanceOf(ConcurrentCycleException.class)
                .hasMessageContaining("cycle 2 of otel.spans cannot be recorded: the ledger's newest is 2")
                .hasMessageContaining("written by run run-1");
        assertThatThrownBy(() -> ledger.record(cycle(4), List.of())).isInstanceOf(ConcurrentCycleException.class);
        assertThat(rows(DecisionFilter.ALL)).isEmpty();
        assertThat(ledger.latest(SOURCE)).contains(cycle(2));
    }

    /** The other commits while our rows are being written: after the first look at the ledger, before our commit. */
    @Test
    void aWriterThatIsOvertakenCommitsNothingAndLeavesNoFile(@TempDir Path home) {
        try (TestLake onDisk = TestLake.onDisk(home)) {
            DecisionLedger slow = new DecisionLedger(onDisk.catalog, "tss");
            DecisionLedger fast = new DecisionLedger(onDisk.catalog, "tss");
            LoggedCycle mine = new LoggedCycle(SOURCE, 1, "mine", "run-2", "v1", SourceCursor.START,
                    SourceOffsets.NONE, List.of());
            Iterable<DecisionRecord> overtaken = () -> {
                fast.record(cycle(1), List.of(sampled(5, 1)));
                return List.of(sampled(1, 1)).iterator();
            };

            assertThatThrownBy(() -> slow.record(mine, overtaken)).isInstanceOf(ConcurrentCycleException.class);
            assertThat(slow.latest(SOURCE)).contains(cycle(1));
            assertThat(home.resolve("warehouse/tss/trace_decisions/data").toFile().list()).hasSize(1);
        }
    }

    /** Rows of another source meanwhile are no conflict. */
    @Test
    void sourcesDoNotDisturbEachOther() {
        ledger.record(cycle(1), List.of(sampled(1, 1)));
        ledger.record(cycle("other.table", 1), List.of());
        ledger.record(cycle(2), () -> {
            new DecisionLedger(lake.catalog, "tss.state").record(cycle("other.table", 2), List.of());
            return List.of(sampled(2, 2)).iterator();
        });

        assertThat(ledger.cycles(SOURCE, 1)).containsExactly(cycle(1), cycle(2));
        assertThat(ledger.cycles("other.table", 1)).containsExactly(cycle("other.table", 1), cycle("other.table", 2));
        assertThat(rows(DecisionFilter.ALL)).hasSize(2);
    }

    @Test
    void aCycleRecordedTwiceIsThereOnce() {
        ledger.record(cycle(1), List.of(sampled(1, 1)));
        ledger.record(cycle(1), List.of(sampled(1, 1)));

        assertThat(rows(DecisionFilter.ALL)).hasSize(1);
    }

    @Test
    void foreignSnapshotsAreNoCycles() {
        ledger.record(cycle(1), List.of(sampled(1, 1)));
        table().newAppend().commit();
        ledger.record(cycle(2), List.of());

        assertThat(ledger.cycles(SOURCE, 1)).containsExactly(cycle(1), cycle(2));
    }

    @Test
    void aFailureWhileRowsAreMadeLeavesTheLedgerAsItWas() {
        assertThatThrownBy(() -> ledger.record(cycle(1), () -> List.of(1, 2).stream().map(number -> {
            if (number == 2) {
                throw new IllegalStateException("no more");
            }
            return sampled(number, 1);
        }).iterator())).isInstanceOf(IllegalStateException.class).hasMessage("no more");
        assertThat(ledger.latest(SOURCE)).isEmpty();
        ledger.record(cycle(1), List.of(sampled(1, 1)));
        assertThat(rows(DecisionFilter.ALL)).hasSize(1);
    }

    @Test
    void rowsAreSelected() {
        ledger.record(cycle(1), List.of(sampled(1, 1), notSampled(2, 1)));
        ledger.record(cycle(2), List.of(sampled(3, 2), late(1, 2)));
        ledger.record(cycle("other.table", 1),
                List.of(row("other.table", 1, 1, CompletionReason.QUIET, sampled(1, 1).decision())));
        DecisionFilter all = DecisionFilter.ALL;

        assertThat(rows(DecisionFilter.ofCycles(SOURCE, 2, 9))).containsExactlyInAnyOrder(sampled(3, 2), late(1, 2));
        assertThat(rows(DecisionFilter.ofCycles(SOURCE, 1, 1).withOutcome(Outcome.NOT_SAMPLED)))
                .containsExactly(notSampled(2, 1));
        assertThat(rows(new DecisionFilter(SOURCE, Otlp.trace(1), null, null, null, 0, Long.MAX_VALUE,
                LateSpans.INCLUDE))).containsExactly(sampled(1, 1), late(1, 2));
        assertThat(rows(new DecisionFilter(SOURCE, null, null, null, null, 0, Long.MAX_VALUE, LateSpans.EXCLUDE)))
                .containsExactlyInAnyOrder(sampled(1, 1), notSampled(2, 1), sampled(3, 2));
        assertThat(rows(new DecisionFilter(null, null, null, "errors", "run-1", 0, 1, LateSpans.INCLUDE))).hasSize(2);
        assertThat(rows(new DecisionFilter(null, null, null, null, "run-9", 0, 1, LateSpans.INCLUDE))).isEmpty();
        assertThat(rows(all)).hasSize(5);
    }

    @Test
    void rowsComeInTheOrderOfTheirCommits() {
        for (int number = 1; number <= 12; number++) {
            ledger.record(cycle(number), List.of(sampled(number, number)));
        }

        assertThat(rows(DecisionFilter.ALL)).extracting(DecisionRecord::cycle)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 12).mapToObj(Long::valueOf).toList());
    }

    /** Cycle numbers of a run begin at 1, too. */
    @Test
    void aBackfillAndTheScannerKeepApart() {
        LedgerKey run = new LedgerKey(SOURCE, "may");
        DecisionRecord filled = backfilled(sampled(1, 1), "may", BackfillMode.EXPORT);
        DecisionRecord other = backfilled(sampled(1, 1), "june", BackfillMode.RECORD);
        ledger.record(cycle(1), List.of(sampled(1, 1)));
        ledger.record(cycle(run.text(), 1), List.of(filled));
        ledger.record(cycle(new LedgerKey(SOURCE, "june").text(), 1), List.of(other));

        assertThat(ledger.latest(SOURCE)).contains(cycle(1));
        assertThat(ledger.latest(run.text())).contains(cycle(run.text(), 1));
        assertThat(rows(DecisionFilter.ofCycles(SOURCE, 1, 1))).containsExactly(sampled(1, 1));
        assertThat(rows(DecisionFilter.ofCycles(run, 1, 1))).containsExactly(filled);
        assertThat(rows(DecisionFilter.ALL.withTakenBy(TakenBy.BACKFILL))).containsExactly(filled, other);
    }

    @Test
    void rowsAreFoundByTheirFirstArrival() {
        ledger.record(cycle(1), List.of(sampled(1, 1)));
        long arrival = sampled(1, 1).trace().firstArrivalMillis();

        assertThat(rows(DecisionFilter.ALL.withFirstArrival(new ArrivalRange(arrival, arrival)))).hasSize(1);
        assertThat(rows(DecisionFilter.ALL.withFirstArrival(new ArrivalRange(0, arrival - 1)))).isEmpty();
        assertThat(rows(DecisionFilter.ALL.withFirstArrival(new ArrivalRange(arrival + 1, Long.MAX_VALUE / 1_000))))
                .isEmpty();
    }

    private static DecisionRecord backfilled(DecisionRecord row, String run, BackfillMode mode) {
        return new DecisionRecord(row.source(), row.cycle(), run, row.policySet(), row.decidedAt(),
                row.tableTimeMillis(), row.completion(), row.trace(), row.decision(), mode);
    }
}
