package dev.tailsampling.lake;

import static dev.tailsampling.backfill.Backfills.BASE;
import static dev.tailsampling.backfill.Backfills.POLICIES;
import static dev.tailsampling.backfill.Backfills.QUIET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.backfill.Backfill;
import dev.tailsampling.backfill.BackfillPorts;
import dev.tailsampling.backfill.Backfills;
import dev.tailsampling.backfill.NoExport;
import dev.tailsampling.backfill.SlicePlan;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceNumber;
import dev.tailsampling.sampler.RateLimit;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.RecordingExporter;
import dev.tailsampling.selector.SelectorPorts;
import dev.tailsampling.selector.SelectorSettings;
import dev.tailsampling.selector.TraceSelector;
import dev.tailsampling.store.MemoryBackfillRuns;
import dev.tailsampling.store.MemoryState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ledger of a backfill over a range equals that of the scanner that followed the table. */
class BackfillEqualsScanTest {

    private static final int TRACES = 60;
    private static final long SEED = 20261126;

    private final TestLake lake = TestLake.inMemory();
    private final DecisionLedger ledger = new DecisionLedger(lake.catalog, "tss.state");
    private final MemoryState state = new MemoryState();
    private final RecordingExporter exporter = new RecordingExporter(new Random(SEED));
    private final Random random = new Random(SEED);
    private CompiledPolicies policies = POLICIES;

    @AfterEach
    void close() {
        lake.close();
    }

    /** Slices, in milliseconds, 0 for those by bytes, against commits. */
    static Stream<Arguments> cuts() {
        return Stream.of(Arguments.of(1, 3_000), Arguments.of(6, 0), Arguments.of(6, 100_000),
                Arguments.of(20, 2_500));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void itIsTheSameForEveryCut(int commits, long sliceMillis) {
        load(commits);
        List<DecisionRecord> scanned = scan();
        List<DecisionRecord> backfilled = backfill("may", 0, 40_000, plan(sliceMillis), BackfillMode.EXPORT);

        assertThat(Backfills.decisions(backfilled)).as("seed %d", SEED).hasSize(TRACES)
                .isEqualTo(Backfills.decisions(scanned));
        assertThat(backfilled).noneMatch(row -> row.completion() == CompletionReason.LATE_SPANS);
        assertThat(rows(DecisionFilter.ALL.withTakenBy(DecisionFilter.TakenBy.SCANNER))).isEqualTo(scanned);
        exporter.spanIds().keySet().forEach(trace -> assertThat(exporter.deliveries(trace)).as("%s", trace).isOne());
    }

    private static SlicePlan plan(long sliceMillis) {
        return sliceMillis == 0 ? new SlicePlan(20_000, null) : new SlicePlan(1, Duration.ofMillis(sliceMillis));
    }

    /** Duplicated, compacted and expired files; and the scanner's history is gone, too. */
    @ParameterizedTest
    @MethodSource("cuts")
    void whateverHappenedToTheTableSince(int commits, long sliceMillis) {
        load(commits);
        List<DecisionRecord> scanned = scan();
        lake.commitAgain(lake.files().subList(0, 1));
        lake.compact(this::chosen);
        lake.compactKeepingSequenceNumber(this::chosen);
        lake.expireSnapshots();
        List<DecisionRecord> first = backfill("may", 0, 11_111, plan(sliceMillis), BackfillMode.RECORD);
        lake.compact(this::chosen);
        lake.expireSnapshots();
        List<DecisionRecord> all = new ArrayList<>(first);
        all.addAll(backfill("june", 11_111, 40_000, plan(sliceMillis), BackfillMode.RECORD));

        assertThat(Backfills.decisions(all)).as("seed %d", SEED).isEqualTo(Backfills.decisions(scanned));
    }

    /** Nothing of it was exported before, so everything that is kept is exported, and whole. */
    @Test
    void keptTracesAreExportedWhole() {
        load(9);
        lake.commitAgain(lake.files().subList(0, 3));
        List<DecisionRecord> rows = backfill("may", 0, 40_000, plan(1_500), BackfillMode.EXPORT);

        assertThat(exporter.spanIds()).isNotEmpty();
        for (DecisionRecord row : rows) {
            int exported = exporter.spanIds().getOrDefault(row.trace().traceId(), Set.of()).size();
            boolean sampled = row.decision().outcome() == Outcome.SAMPLED;
            assertThat(exported).as("seed %d, %s", SEED, row).isEqualTo(sampled ? row.trace().spanCount() : 0);
        }
    }

    @Test
    void budgetsAreDealtOutAlike() {
        policies = CompiledPolicies.of(new PolicySet(List.of(NamedPolicy.of("limited",
                new SamplingPolicy.RateLimiting(TraceNumber.SPAN_COUNT, new RateLimit(7, 7),
                        SamplingPolicy.RateLimiting.Method.THRESHOLD)))));
        load(12);
        List<DecisionRecord> scanned = scan();
        List<DecisionRecord> backfilled = backfill("may", 0, 40_000, plan(2_700), BackfillMode.RECORD);

        assertThat(scanned.stream().map(row -> row.decision().outcome()).distinct()).hasSize(2);
        assertThat(Backfills.decisions(backfilled)).as("seed %d", SEED).isEqualTo(Backfills.decisions(scanned));
    }

    private boolean chosen(DataFile file) {
        return random.nextBoolean();
    }

    private void load(int commits) {
        TableTopicWriter topic = lake.topic(TableTopicOptions.of(3, lake.clock));
        List<Backfills.Message> messages = Backfills.calm(random, TRACES);
        for (int i = 0; i < messages.size(); i++) {
            Backfills.Message message = messages.get(i);
            topic.append(KafkaMessage.of(i % 3, message.value(), message.arrivalMillis()));
            if ((i + 1) * commits / messages.size() > i * commits / messages.size()) {
                topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
            }
        }
        // Long after the last span something else comes, and says that nothing older will.
        lake.clock.set(Instant.ofEpochMilli(BASE + 120_000));
        topic.append(KafkaMessage.of(0, Otlp.message(Otlp.span(1, 1)), BASE + 120_000));
        topic.commit(TableTopicWriter.CatchUp.CAUGHT_UP);
        topic.close();
    }

    private List<DecisionRecord> scan() {
        AutoMqTable source = lake.source(AutoMqTableOptions.defaults(lake.clock).withMaxBytesPerRead(4_000));
        TraceSelector selector = new TraceSelector(
                new SelectorPorts(source, source, ledger, state, state, exporter, lake.clock), policies,
                new SelectorSettings("live", QUIET, 1_000));
        selector.recover();
        do {
            selector.cycle();
        } while (!selector.caughtUp());
        return rows(DecisionFilter.ALL);
    }

    private List<DecisionRecord> backfill(String id, long from, long to, SlicePlan plan, BackfillMode mode) {
        TableHistory history = new TableHistory(lake.catalog, TestLake.TABLE,
                AutoMqTableOptions.defaults(lake.clock).withFetchLimits(2_000, 1_000));
        BackfillRun run = Backfills.run(id, TestLake.TABLE, from, to, mode, policies);
        BackfillPorts ports = new BackfillPorts(history, ledger, state, state, new MemoryBackfillRuns(),
                mode == BackfillMode.EXPORT ? exporter : new NoExport(), lake.clock);
        assertThat(new Backfill(ports, run, Backfill.plan(run, plan, history), policies, 1_000).run(share -> {}))
                .isTrue();
        return rows(DecisionFilter.ofCycles(run.key(), 0, Long.MAX_VALUE));
    }

    private List<DecisionRecord> rows(DecisionFilter filter) {
        List<DecisionRecord> rows = new ArrayList<>();
        ledger.forEach(filter, rows::add);
        return rows;
    }
}
