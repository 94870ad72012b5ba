package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.admin.TableBoard.State;
import dev.tailsampling.admin.TableBoard.TableState;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DestinationObserver;
import dev.tailsampling.selector.DestinationObserver.Batch;
import dev.tailsampling.selector.DestinationObserver.BreakerState;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.PolicyOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceMetricsTest {

    private static final String A = "otel.a";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ServiceMetrics metrics = new ServiceMetrics("1.2.3", InstantSource.fixed(NOW));

    @AfterEach
    void close() {
        metrics.close();
    }

    /** A cycle that read so many traces of two spans each, and decided those that were open. */
    private static CycleReport cycle(long openBefore, long opened) {
        Map<CycleMetric, Long> values = new EnumMap<>(CycleMetric.class);
        values.put(CycleMetric.CYCLES, 1L);
        values.put(CycleMetric.TRACES_OPEN_BEFORE, openBefore);
        values.put(CycleMetric.SPANS_OPEN_BEFORE, 2 * openBefore);
        values.put(CycleMetric.TRACES_OPENED, opened);
        values.put(CycleMetric.SPANS_READ, 2 * opened);
        values.put(CycleMetric.TRACES_COMPLETED, openBefore);
        values.put(CycleMetric.TRACES_SAMPLED, openBefore);
        values.put(CycleMetric.TRACES_FORCE_SAMPLED, Math.min(1, openBefore));
        values.put(CycleMetric.SPANS_SAMPLED, 2 * openBefore);
        values.put(CycleMetric.SPANS_FETCHED, 2 * openBefore);
        values.put(CycleMetric.SPANS_EXPORTED, 2 * openBefore);
        values.put(CycleMetric.TRACES_OPEN, opened);
        values.put(CycleMetric.SPANS_OPEN_AFTER, 2 * opened);
        values.put(CycleMetric.ROWS_PENDING, 7L);
        values.put(CycleMetric.READ_MILLIS, 120L);
        return new CycleReport(values, openBefore == 0 ? Map.of() : Map.of("rule-1", 1L),
                openBefore == 0
                        ? Map.of()
                        : Map.of(new PolicyOutcome("force_rule:rule-1", Outcome.SAMPLED), 1L,
                                new PolicyOutcome("errors", Outcome.SAMPLED), openBefore - 1));
    }

    private ExposedMetrics exposed() {
        return ExposedMetrics.of(metrics).assertIdentities("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"traces_ingested_total{table=\"otel.a\"} 5.0", "spans_ingested_total{table=\"otel.a\"} 10.0",
                    "traces_sampled_total{table=\"otel.a\"} 3.0", "spans_exported_total{table=\"otel.a\"} 6.0",
                    "buffer_traces_current{table=\"otel.a\"} 2.0", "kafka_consumer_lag{table=\"otel.a\"} 7.0",
                    "tail_sampling_traces_force_sampled_total{table=\"otel.a\"} 1.0",
                    "tail_sampling_traces_force_dropped_total{table=\"otel.a\"} 0.0",
                    "tail_sampling_force_rule_matches_total{rule_id=\"rule-1\",table=\"otel.a\"} 1.0",
                    "tail_sampling_policy_decisions_total{outcome=\"sampled\",policy=\"errors\",table=\"otel.a\"} 2.0",
                    "tail_sampling_build_info{version=\"1.2.3\"} 1"})
    void namesAreThoseThatPeopleKnow(String line) {
        metrics.accept(A, cycle(0, 3));
        metrics.accept(A, cycle(3, 2));

        assertThat(metrics.scrape(ServiceMetrics.TEXT).lines()).contains(line);
    }

    @Test
    void openMetricsHasTheSameNames() {
        metrics.accept(A, cycle(0, 3));

        assertThat(metrics.scrape(ServiceMetrics.OPEN_METRICS).lines())
                .contains("# TYPE traces_ingested counter", "traces_ingested_total{table=\"otel.a\"} 3.0", "# EOF");
    }

    @Test
    void phasesAreDistributions() {
        metrics.accept(A, cycle(0, 3));

        ExposedMetrics exposed = exposed();
        assertThat(exposed.sum("tail_sampling_cycle_phase_seconds_sum", "phase", "read")).isEqualTo(0.12);
        assertThat(exposed.sum("tail_sampling_cycle_phase_seconds_bucket", "phase", "read", "le", "0.1")).isZero();
        assertThat(exposed.sum("tail_sampling_cycle_phase_seconds_bucket", "phase", "read", "le", "0.25")).isOne();
    }

    @Test
    void anotherSessionGoesOnCounting() {
        metrics.accept(A, cycle(0, 3));
        metrics.cycleFailed(A);
        metrics.sessionEnded(A);
        assertThat(exposed().sum("buffer_traces_current")).isZero();
        metrics.accept(A, cycle(1, 4));

        ExposedMetrics exposed = exposed();
        assertThat(exposed.sum("traces_ingested_total")).isEqualTo(7);
        assertThat(exposed.sum("tail_sampling_traces_released_total")).isEqualTo(3);
        assertThat(exposed.sum("tail_sampling_traces_recovered_total")).isEqualTo(1);
        assertThat(exposed.sum("tail_sampling_cycles_failed_total")).isEqualTo(1);
    }

    @Test
    void seriesOfDeletedRulesVanish() {
        metrics.accept(A, cycle(3, 2));
        metrics.keepForceRules(Set.of("rule-1"));
        assertThat(exposed().has("tail_sampling_force_rule_matches_total")).isTrue();

        metrics.keepForceRules(Set.of("rule-2"));

        assertThat(exposed().has("tail_sampling_force_rule_matches_total")).isFalse();
    }

    @Test
    void thereAreOnlySoManySeries() {
        for (int i = 0; i < 5_000; i++) {
            metrics.accept(A, new CycleReport(Map.of(CycleMetric.TRACES_SAMPLED, 1L, CycleMetric.TRACES_COMPLETED, 1L,
                    CycleMetric.TRACES_OPEN_BEFORE, 1L), Map.of("rule-" + i, 1L),
                    Map.of(new PolicyOutcome("policy-" + i, Outcome.SAMPLED), 1L)));
        }

        ExposedMetrics exposed = exposed();
        assertThat(exposed.samples().stream().filter(sample -> sample.name().contains("policy_decisions")))
                .hasSize(2_001);
        assertThat(exposed.sum("tail_sampling_policy_decisions_total")).isEqualTo(5_000);
        assertThat(exposed.sum("tail_sampling_force_rule_matches_total", "rule_id", "(others)")).isEqualTo(3_000);
    }

    @Test
    void tablesAreShownAsTheBoardHasThem() {
        List<TableState> board = new ArrayList<>();
        metrics.watch(() -> List.copyOf(board));
        board.add(state(A, State.SAMPLING));
        board.add(state("otel.b", State.STANDBY));
        metrics.accept(A, cycle(0, 3));

        ExposedMetrics exposed = exposed();
        assertThat(exposed.sum("tail_sampling_leading", "table", A)).isOne();
        assertThat(exposed.sum("tail_sampling_leading", "table", "otel.b")).isZero();
        assertThat(exposed.sum("tail_sampling_table_state", "table", "otel.b", "state", "standby")).isOne();
        assertThat(exposed.sum("tail_sampling_table_state")).isEqualTo(2);
        assertThat(exposed.sum("tail_sampling_watermark_lag_seconds", "table", A)).isEqualTo(90.5);
        assertThat(exposed.has("tail_sampling_watermark_lag_seconds", "table", "otel.b")).isFalse();
        assertThat(exposed.has("traces_ingested_total", "table", "otel.b")).isTrue();
        assertThat(exposed.sum("tail_sampling_last_cycle_timestamp_seconds", "table", A))
                .isEqualTo(NOW.getEpochSecond());

        board.removeFirst();
        assertThat(exposed().samples()).noneMatch(sample -> A.equals(sample.labels().get("table")));
    }

    private static TableState state(String table, State state) {
        return new TableState(table, state, null, null, NOW.minusMillis(90_500), NOW, null, CycleReport.NONE);
    }

    @Test
    void dependenciesAndTheProcessAreShown() {
        metrics.watch(new Health(List.of(
                new HealthComponent("catalog", HealthComponent.Weight.CRITICAL, Optional::empty),
                new HealthComponent("redis", HealthComponent.Weight.MINOR, () -> Optional.of("away"))),
                InstantSource.fixed(NOW), Duration.ofSeconds(30), Duration.ofSeconds(5)));
        metrics.watchSubscribers(() -> 4);

        ExposedMetrics exposed = exposed();
        assertThat(exposed.sum("tail_sampling_dependency_up", "dependency", "catalog")).isOne();
        assertThat(exposed.sum("tail_sampling_dependency_up", "dependency", "redis")).isZero();
        assertThat(exposed.has("tail_sampling_dependency_up", "dependency", "redis")).isTrue();
        assertThat(exposed.sum("tail_sampling_sse_subscribers")).isEqualTo(4);
        assertThat(exposed.sum("process_start_time_seconds")).isPositive();
        assertThat(exposed.sum("jvm_memory_used_bytes")).isPositive();
        assertThat(exposed.sum("jvm_threads_live_threads")).isPositive();
    }

    private static Batch batch(ExportOutcome outcome) {
        return new Batch(10, 1_000, outcome, Duration.ofMillis(120));
    }

    @Test
    void destinationsAreShownByTheirOutcomes() {
        DestinationObserver destinations = metrics.destinations();
        assertThat(exposed().has("tail_sampling_export_spans_total")).isFalse();

        destinations.ended("kafka", batch(new ExportOutcome.Exported(3, "too old")));
        destinations.ended("kafka", batch(new ExportOutcome.Refused("no")));
        destinations.ended("kafka", batch(new ExportOutcome.Unknown("away")));
        destinations.ended("kafka", batch(new ExportOutcome.Unknown("away")));
        destinations.ended("file", batch(new ExportOutcome.Exported(0, "")));

        ExposedMetrics exposed = exposed();
        assertThat(exposed.sum("tail_sampling_export_spans_total", "destination", "kafka", "outcome", "exported"))
                .isEqualTo(7);
        assertThat(exposed.sum("tail_sampling_export_spans_total", "destination", "kafka", "outcome", "refused"))
                .isEqualTo(13);
        assertThat(exposed.sum("tail_sampling_export_spans_total", "destination", "kafka", "outcome", "unknown"))
                .isEqualTo(20);
        assertThat(exposed.sum("tail_sampling_export_bytes_total", "destination", "kafka")).isEqualTo(4_000);
        assertThat(exposed.sum("tail_sampling_export_batch_seconds_count", "outcome", "exported")).isEqualTo(2);
        assertThat(exposed.sum("tail_sampling_export_batch_seconds_sum", "outcome", "unknown")).isEqualTo(0.24);
        assertThat(exposed.sum("tail_sampling_export_batch_seconds_bucket", "destination", "file", "le", "0.1"))
                .isZero();
    }

    @Test
    void queueAndBreakerOfADestinationAreShown() {
        DestinationObserver destinations = metrics.destinations();
        destinations.queued("kafka", 700);
        destinations.queued("kafka", 500);
        destinations.queued("kafka", -700);
        assertThat(exposed().sum("tail_sampling_export_queue_bytes", "destination", "kafka")).isEqualTo(500);
        assertThat(exposed().sum("tail_sampling_export_breaker_state", "state", "closed")).isOne();

        destinations.breaker("kafka", BreakerState.OPEN);

        ExposedMetrics exposed = exposed();
        assertThat(exposed.sum("tail_sampling_export_breaker_state", "destination", "kafka", "state", "open")).isOne();
        assertThat(exposed.sum("tail_sampling_export_breaker_state", "destination", "kafka")).isOne();
    }

    @Test
    void everyScrapeShowsWholeCycles() throws Exception {
        int cycles = 2_000;
        CountDownLatch ended = new CountDownLatch(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (String table : List.of(A, "otel.b")) {
                var unused = threads.submit(() -> {
                    metrics.accept(table, cycle(0, 3));
                    IntStream.range(1, cycles).forEach(i -> metrics.accept(table, cycle(3, 3)));
                    ended.countDown();
                });
            }
            ExposedMetrics before = exposed();
            while (!ended.await(1, TimeUnit.MILLISECONDS)) {
                ExposedMetrics now = exposed();
                now.assertNotBehind(before, "");
                before = now;
            }
        }
        assertThat(exposed().sum("traces_ingested_total")).isEqualTo(2 * 3 * cycles);
    }
}
