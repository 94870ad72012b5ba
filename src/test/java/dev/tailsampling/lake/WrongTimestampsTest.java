package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.RecordingExporter;
import dev.tailsampling.selector.SelectorPorts;
import dev.tailsampling.selector.SelectorSettings;
import dev.tailsampling.selector.TraceSelector;
import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records of producers whose clocks are a year ahead, or that set no timestamp: their traces are neither held open nor
 * decided at once, and all their spans are found again, also after a restart and without the old snapshots.
 */
class WrongTimestampsTest {

    private static final long SEED = 20261127;
    private static final long A_YEAR_AHEAD = Instant.now().plus(Duration.ofDays(365)).toEpochMilli();
    private static final long NO_TIMESTAMP = -1;
    private static final CompiledPolicies KEEP_ALL = CompiledPolicies.of(
            new PolicySet(List.of(NamedPolicy.of("all", new SamplingPolicy.AlwaysSample()))));
    private static final QuietRule QUIET = new QuietRule(60_000, 300_000);

    private final TestLake lake = TestLake.inMemory();
    private final TableTopicWriter topic = lake.topic();
    private final DecisionLedger ledger = new DecisionLedger(lake.catalog, "tss.state");
    private final MemoryState state = new MemoryState();
    private final RecordingExporter exporter = new RecordingExporter(new Random(SEED));
    private long committedMillis;

    /** Trace 1 has a span of last winter and one of next year, trace 2 has no time at all, trace 3 is as usual. */
    @BeforeEach
    void commitWrongTimes() {
        append(0, 1, 11, TestLake.millis(1));
        append(0, 1, 12, A_YEAR_AHEAD);
        append(1, 2, 21, NO_TIMESTAMP);
        append(1, 2, 22, NO_TIMESTAMP);
        append(2, 3, 31, TestLake.millis(2));
        commit();
        committedMillis = lake.table().currentSnapshot().timestampMillis();
    }

    @AfterEach
    void close() {
        topic.close();
        lake.close();
    }

    private void append(int partition, int trace, long span, long timestampMillis) {
        topic.append(KafkaMessage.of(partition, Otlp.message(Otlp.span(trace, span)), timestampMillis));
    }

    private void commit() {
        topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
    }

    private TraceSelector selector(RecordingExporter to) {
        AutoMqTable source = lake.source();
        TraceSelector selector = new TraceSelector(
                new SelectorPorts(source, source, ledger, state, state, to, lake.clock), KEEP_ALL,
                new SelectorSettings("live", QUIET, 1_000));
        selector.recover();
        return selector;
    }

    private void cycle(TraceSelector selector, long secondsAfterCommit) {
        lake.clock.set(Instant.ofEpochMilli(committedMillis).plusSeconds(secondsAfterCommit));
        selector.cycle();
    }

    private List<String> decided() {
        List<DecisionRecord> rows = new ArrayList<>();
        ledger.forEach(DecisionFilter.ALL, rows::add);
        assertThat(rows).allMatch(row -> row.completion() == CompletionReason.QUIET);
        return rows.stream().map(row -> row.trace().traceId() + ": " + row.trace().spanCount()).toList();
    }

    @Test
    void theirTracesAreQuietAnInactivityAfterTheirCommit() {
        TraceSelector selector = selector(exporter);
        cycle(selector, 30);
        assertThat(decided()).as("an unknown time is not an old one").isEmpty();

        cycle(selector, 121);
        assertThat(decided()).hasSize(3);
        assertThat(exporter.spanIds()).as("seed %d", SEED).isEqualTo(whole());
        cycle(selector, 500);
        assertThat(decided()).hasSize(3);
    }

    private static Map<TraceId, Set<Long>> whole() {
        return Map.of(Otlp.trace(1), Set.of(11L, 12L), Otlp.trace(2), Set.of(21L, 22L), Otlp.trace(3), Set.of(31L));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReplayDecidesThemAlike(boolean expired) {
        cycle(selector(exporter), 30);
        forget(expired);

        cycle(selector(exporter), 121);
        assertThat(decided()).contains(Otlp.trace(1) + ": 2", Otlp.trace(2) + ": 2", Otlp.trace(3) + ": 1");
        assertThat(exporter.spanIds()).as("seed %d", SEED).containsAllEntriesOf(whole());
    }

    /** What was decided and not confirmed is looked for by the records' own timestamps, which nothing changes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExportThatIsDrivenAgainHasAllTheirSpans(boolean expired) {
        exporter.staySilent(1);
        cycle(selector(exporter), 121);
        assertThat(decided()).hasSize(3);
        forget(expired);
        RecordingExporter again = new RecordingExporter(new Random(SEED));

        cycle(selector(again), 122);
        assertThat(again.spanIds()).as("seed %d", SEED).containsAllEntriesOf(whole());
    }

    /** Another commit, and perhaps no memory of the one before it. */
    private void forget(boolean expired) {
        append(3, 4, 41, committedMillis);
        commit();
        if (expired) {
            lake.expireSnapshots();
            assertThat(lake.table().snapshots()).hasSize(1);
        }
    }

    @Test
    void theLedgerHasTheTimesAsTheRecordsTellThem() {
        cycle(selector(exporter), 121);
        List<Long> last = new ArrayList<>();
        ledger.forEach(DecisionFilter.ALL, row -> last.add(row.trace().lastArrivalMillis()));

        assertThat(last).containsExactlyInAnyOrder(A_YEAR_AHEAD, NO_TIMESTAMP, TestLake.millis(2));
    }
}
