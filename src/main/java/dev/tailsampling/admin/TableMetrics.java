package dev.tailsampling.admin;

import static dev.tailsampling.admin.CycleSeries.PREFIX;

import dev.tailsampling.admin.TableBoard.State;
import dev.tailsampling.admin.TableBoard.TableState;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.PolicyOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is counted of one table. Between two sessions, and when a cycle fails before its report, open traces are left or
 * taken up without a cycle that tells of them; they are counted as released and recovered, so that all adds up whatever
 * happens. Not thread-safe.
 */
final class TableMetrics {

    private static final double MILLIS_PER_SECOND = 1_000;
    private static final int MOST_POLICIES = 2_000;
    private static final int MOST_FORCE_RULES = 2_000;
    private static final String OTHERS = "(others)";
    private static final Duration[] BUCKETS = Stream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000,
            30_000, 60_000, 300_000).map(Duration::ofMillis).toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Tags table;
    private final List<Meter> meters = new ArrayList<>();
    private final Map<CycleMetric, Counter> counters = new EnumMap<>(CycleMetric.class);
    private final Map<CycleMetric, Timer> phases = new EnumMap<>(CycleMetric.class);
    private final Map<CycleMetric, Long> last = new EnumMap<>(CycleMetric.class);
    private final Counter failed;
    private final Counter tracesRecovered;
    private final Counter spansRecovered;
    private final Counter tracesReleased;
    private final Counter spansReleased;
    private final CounterFamily ruleMatches;
    private final CounterFamily policyDecisions;
    private final OptionalGauge watermarkLag;
    private final OptionalGauge lastCycle;
    private State state = State.STARTING;

    TableMetrics(MeterRegistry registry, String name) {
        this.registry = registry;
        this.table = Tags.of("table", name);
        for (CycleMetric metric : CycleMetric.values()) {
            register(metric);
        }
        failed = counter("cycles_failed", "Cycles that ended in a failure, and attempts to begin that did");
        tracesRecovered = counter("traces_recovered", "Open traces that a session began with");
        spansRecovered = counter("spans_recovered", "Spans of open traces that a session began with");
        tracesReleased = counter("traces_released",
                "Traces that a session left open when it ended, or that a cycle decided which failed before its report");
        spansReleased =
                counter("spans_released", "Spans of the traces that sessions left open or failed cycles decided");
        ruleMatches = new CounterFamily(registry, PREFIX + "force_rule_matches",
                "Decided traces that matched a force rule, whichever rule decided", MOST_FORCE_RULES,
                Tags.of("rule_id", OTHERS));
        policyDecisions = new CounterFamily(registry, PREFIX + "policy_decisions",
                "Traces that a policy decided: (none) when no policy matched, (force rules) when one of those did",
                MOST_POLICIES, Tags.of("policy", OTHERS));
        watermarkLag = new OptionalGauge(registry, PREFIX + "watermark_lag_seconds",
                "Wall-clock time minus table time, in seconds", table);
        lastCycle = new OptionalGauge(registry, PREFIX + "last_cycle_timestamp_seconds",
                "When the last cycle ended, in seconds since the epoch", table);
        registerStates();
    }

    private void register(CycleMetric metric) {
        String phase = CycleSeries.PHASES.get(metric);
        if (phase != null) {
            phases.put(metric, kept(Timer.builder(PREFIX + "cycle_phase")
                    .description("Time that cycles took, in seconds").tags(table.and("phase", phase))
                    .serviceLevelObjectives(BUCKETS).register(registry)));
            return;
        }
        switch (metric.kind()) {
            case COUNT -> counters.put(metric, counterNamed(CycleSeries.name(metric), metric.description()));
            case LAST -> gauge(CycleSeries.name(metric), metric.description(), metric);
            case FIRST -> {
                // What follows from the counters needs no series.
            }
        }
    }

    private void gauge(String name, String description, CycleMetric metric) {
        kept(Gauge.builder(name, () -> last(metric)).description(description).tags(table).register(registry));
    }

    private Counter counter(String name, String description) {
        return counterNamed(PREFIX + name, description);
    }

    private Counter counterNamed(String name, String description) {
        return kept(Counter.builder(name).description(description).tags(table).register(registry));
    }

    private void registerStates() {
        kept(Gauge.builder(PREFIX + "leading", () -> state == State.SAMPLING
                ? 1
                : 0).description("1 if this instance decides on the table, else 0").tags(table).register(registry));
        for (State each : State.values()) {
            kept(Gauge.builder(PREFIX + "table_state", () -> state == each
                    ? 1
                    : 0).description("1 for the state that the table is in, 0 for the others")
                    .tags(table.and("state", each.name().toLowerCase(Locale.ROOT))).register(registry));
        }
    }

    private <M extends Meter> M kept(M meter) {
        meters.add(meter);
        return meter;
    }

    private long last(CycleMetric metric) {
        return last.getOrDefault(metric, 0L);
    }

    void accept(CycleReport report) {
        long traces = report.get(CycleMetric.TRACES_OPEN_BEFORE);
        long spans = report.get(CycleMetric.SPANS_OPEN_BEFORE);
        if (traces != last(CycleMetric.TRACES_OPEN) || spans != last(CycleMetric.SPANS_OPEN_AFTER)) {
            release();
            tracesRecovered.increment(traces);
            spansRecovered.increment(spans);
        }
        counters.forEach((metric, counter) -> counter.increment(report.get(metric)));
        phases.forEach((metric, timer) -> timer.record(Duration.ofMillis(report.get(metric))));
        last.putAll(report.values());
        report.forceRuleMatches()
                .forEach((rule, count) -> ruleMatches.add(table.and("rule_id", rule), count));
        report.policyDecisions().forEach((decided, count) -> policyDecisions.add(labels(decided), count));
    }

    private Tags labels(PolicyOutcome decided) {
        String policy = decided.policy().isEmpty()
                ? "(none)"
                : ForceRule.idOf(decided.policy()) == null
                        ? decided.policy()
                : "(force rules)";
        return table.and("policy", policy, "outcome", decided.outcome().name().toLowerCase(Locale.ROOT));
    }

    /** What was in memory is not any more. */
    void release() {
        tracesReleased.increment(last(CycleMetric.TRACES_OPEN));
        spansReleased.increment(last(CycleMetric.SPANS_OPEN_AFTER));
        List.of(CycleMetric.TRACES_OPEN, CycleMetric.SPANS_OPEN_AFTER, CycleMetric.SPANS_CACHED,
                CycleMetric.CACHE_BYTES).forEach(last::remove);
    }

    void failed() {
        failed.increment();
    }

    /** Forgets other force rules. */
    void keepForceRules(Set<String> ids) {
        ruleMatches.removeIf(labels -> labels.stream()
                .noneMatch(label -> label.getKey().equals("rule_id") && ids.contains(label.getValue())));
    }

    void show(TableState board, Instant now) {
        state = board.state();
        Instant tableTime = board.tableTime();
        if (tableTime == null || state == State.STANDBY) {
            watermarkLag.hide();
        } else {
            watermarkLag.set(Duration.between(tableTime, now).toMillis() / MILLIS_PER_SECOND);
        }
        Instant lastCycleAt = board.lastCycleAt();
        if (lastCycleAt == null) {
            lastCycle.hide();
        } else {
            lastCycle.set(lastCycleAt.toEpochMilli() / MILLIS_PER_SECOND);
        }
    }

    /** Forgets all. */
    void remove() {
        meters.forEach(registry::remove);
        ruleMatches.removeIf(labels -> true);
        policyDecisions.removeIf(labels -> true);
        watermarkLag.hide();
        lastCycle.hide();
    }
}
