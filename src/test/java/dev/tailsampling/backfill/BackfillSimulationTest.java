package dev.tailsampling.backfill;

import static dev.tailsampling.backfill.Backfills.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceNumber;
import dev.tailsampling.sampler.RateLimit;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.BackfillRuns;
import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CrashPlan;
import dev.tailsampling.selector.CrashingPorts;
import dev.tailsampling.selector.DecisionLog;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.MemoryLedger;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.selector.RecordingExporter;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.selector.TraceExporter;
import dev.tailsampling.store.MemoryBackfillRuns;
import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backfills over random traces, killed between any two touches of the outside world. */
class BackfillSimulationTest {

    private static final CompiledPolicies LIMITED = CompiledPolicies.of(new PolicySet(List.of(
            NamedPolicy.of("limited", new SamplingPolicy.RateLimiting(TraceNumber.SPAN_COUNT, new RateLimit(9, 9),
                    SamplingPolicy.RateLimiting.Method.THRESHOLD)))));

    /** What outlives a process. */
    private static final class World {

        private final MemoryHistory history = new MemoryHistory();
        private final MemoryLedger ledger = new MemoryLedger();
        private final MemoryState control = new MemoryState();
        private final MemoryBackfillRuns runs = new MemoryBackfillRuns();
        private final RecordingExporter exporter = new RecordingExporter(new Random(1));
        private final CrashPlan plan = new CrashPlan();
        private MemoryState recent = new MemoryState();

        World(List<Backfills.Message> messages) {
            messages.forEach(message -> history.add(message.arrivalMillis(), message.value()));
        }

        boolean run(BackfillRun run, SlicePlan slices, CompiledPolicies policies) {
            BackfillPorts ports = new BackfillPorts(CrashingPorts.crashing(SpanHistory.class, history, plan),
                    CrashingPorts.crashing(DecisionLog.class, ledger, plan),
                    CrashingPorts.crashing(RecentDecisions.class, recent, plan),
                    CrashingPorts.crashing(ControlLog.class, control, plan),
                    CrashingPorts.crashing(BackfillRuns.class, runs, plan),
                    CrashingPorts.crashing(TraceExporter.class, exporter, plan), InstantSource.fixed(Instant.EPOCH));
            List<BackfillSlice> entered = new RunRegister(ports.runs(), ports.log()).enter(run,
                    () -> Backfill.plan(run, slices, ports.history()));
            return new Backfill(ports, run, entered, policies, 500).run(share -> {});
        }

        BackfillRun asked(String id, long from, long to, BackfillMode mode, CompiledPolicies policies) {
            return Backfills.run(id, history.name(), from, to, mode, policies);
        }
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aRunThatIsKilledAnywhereEndsAsIfItHadNotBeen(long seed) {
        CompiledPolicies policies = seed % 2 == 0 ? LIMITED : Backfills.POLICIES;
        // Without silences nothing is open soon after the range, and reading stops early.
        List<Backfills.Message> messages = seed % 3 == 0
                ? Backfills.calm(new Random(seed), 40)
                : Backfills.wild(new Random(seed), 25);
        World calm = new World(messages);
        BackfillRun run = calm.asked("may", 9_000, 17_000, BackfillMode.EXPORT, policies);
        assertThat(calm.run(run, Backfills.slices(2_000), policies)).isTrue();
        assertThat(calm.ledger.rows()).as("seed %d", seed).isNotEmpty();

        boolean killed = true;
        int step = 0;
        for (; killed; step++) {
            World world = new World(messages);
            killed = killAt(world, step, run, policies);
            world.recent = step % 3 == 0 ? new MemoryState() : world.recent;
            // Which slices a run has is settled when it is entered.
            long slices = world.runs.list().isEmpty() ? 2_000 : 777;
            assertThat(world.run(run, Backfills.slices(slices), policies)).isTrue();
            String where = "seed " + seed + ", killed at step " + step;
            assertThat(rows(world)).as(where).isEqualTo(rows(calm));
            assertThat(world.exporter.spanIds()).as(where).isEqualTo(calm.exporter.spanIds());
            assertThat(world.runs.slices("may")).as(where).extracting(BackfillSlice::untilMillisExclusive)
                    .isEqualTo(calm.runs.slices("may").stream().map(BackfillSlice::untilMillisExclusive).toList());
            assertThat(decided(world)).as(where).isEqualTo(decided(calm));
            assertThat(positions(world, run)).as(where).isEqualTo(positions(calm, run));
            assertThat(world.runs.find("may").orElseThrow().finishedAt()).as(where).isNotNull();
        }
        assertThat(step).as("steps at which the run was killed, seed %d", seed).isGreaterThan(60);
    }

    private static boolean killAt(World world, int step, BackfillRun run, CompiledPolicies policies) {
        world.plan.crashAfter(step);
        try {
            world.run(run, Backfills.slices(2_000), policies);
            return false;
        } catch (CrashPlan.Crash e) {
            return true;
        } finally {
            world.plan.never();
        }
    }

    private static List<String> rows(World world) {
        return world.ledger.rows().stream()
                .map(row -> row.cycle() + " " + row.completion() + " " + row.trace() + " " + row.decision()).sorted()
                .toList();
    }

    /** Up to where the cycles read. The end may be recorded twice. */
    private static List<SourceCursor> positions(World world, BackfillRun run) {
        return world.ledger.cycles(run.key().text(), 1).stream().map(LoggedCycle::cursor).distinct().toList();
    }

    private static List<Long> decided(World world) {
        return world.runs.slices("may").stream().map(slice -> slice.counts() == null
                ? -1
                : slice.counts()
                        .tracesDecided())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aDestinationThatFallsSilentIsTriedAgain(long seed) {
        World world = new World(Backfills.wild(new Random(seed), 40));
        BackfillRun run = world.asked("may", 5_000, 20_000, BackfillMode.EXPORT, Backfills.POLICIES);
        world.exporter.staySilent(0.7);
        for (int attempt = 0; attempt < 5; attempt++) {
            world.run(run, Backfills.slices(2_000), Backfills.POLICIES);
        }
        world.exporter.staySilent(0);
        assertThat(world.run(run, Backfills.slices(2_000), Backfills.POLICIES)).isTrue();

        Set<TraceId> sampled = new HashSet<>();
        world.ledger.rows().stream().filter(row -> row.decision().outcome() == Outcome.SAMPLED)
                .forEach(row -> sampled.add(row.trace().traceId()));
        assertThat(world.exporter.spanIds().keySet()).as("seed %d", seed).isEqualTo(sampled);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void adjacentRangesTogetherAreTheWhole(long seed) {
        Random random = new Random(seed);
        List<Backfills.Message> messages = Backfills.calm(random, 120);
        World whole = new World(messages);
        whole.run(whole.asked("whole", 0, 40_000, BackfillMode.RECORD, Backfills.POLICIES), Backfills.slices(3_000),
                Backfills.POLICIES);
        World parts = new World(messages);
        long from = 0;
        while (from < 40_000) {
            long to = Math.min(40_000, from + 1 + random.nextInt(9_000));
            parts.run(parts.asked("from-" + from, from, to, BackfillMode.RECORD, Backfills.POLICIES),
                    Backfills.slices(500 + random.nextInt(4_000)), Backfills.POLICIES);
            from = to;
        }

        assertThat(Backfills.decisions(parts.ledger.rows())).as("seed %d", seed).hasSize(120)
                .isEqualTo(Backfills.decisions(whole.ledger.rows()));
        assertThat(parts.ledger.rows()).as("seed %d", seed)
                .noneMatch(row -> row.completion() == CompletionReason.LATE_SPANS);
    }

    /** By the very definition, whatever the silences of a trace are. */
    @ParameterizedTest
    @MethodSource("seeds")
    void aTraceBelongsToTheRangeOfItsFirstArrival(long seed) {
        List<Backfills.Message> messages = Backfills.wild(new Random(seed), 100);
        Map<TraceId, Long> firstArrivals = new TreeMap<>();
        messages.forEach(message -> firstArrivals.putIfAbsent(message.traceId(), message.arrivalMillis()));
        World world = new World(messages);
        world.run(world.asked("may", 10_000, 20_000, BackfillMode.RECORD, Backfills.POLICIES),
                Backfills.slices(1_500), Backfills.POLICIES);

        Set<TraceId> decided = new HashSet<>();
        for (DecisionRecord row : world.ledger.rows()) {
            if (row.completion() != CompletionReason.LATE_SPANS) {
                assertThat(decided.add(row.trace().traceId())).as("decided twice, seed %d", seed).isTrue();
                assertThat(row.trace().firstArrivalMillis()).as("seed %d", seed)
                        .isEqualTo(firstArrivals.get(row.trace().traceId()));
            }
        }
        firstArrivals.values().removeIf(arrival -> arrival < BASE + 10_000 || arrival >= BASE + 20_000);
        assertThat(decided).as("seed %d", seed).isEqualTo(firstArrivals.keySet());
    }

    @Test
    void exportsSendWhatWasNotConfirmedBefore() {
        World world = new World(Backfills.calm(new Random(7), 80));
        CompiledPolicies few = Backfills.policies(0.1);
        CompiledPolicies many = Backfills.policies(0.9);
        world.run(world.asked("recorded", 0, 40_000, BackfillMode.RECORD, many), Backfills.slices(3_000), many);
        assertThat(world.exporter.spanIds()).as("recording exports nothing").isEmpty();

        world.run(world.asked("few", 0, 40_000, BackfillMode.EXPORT, few), Backfills.slices(3_000), few);
        Set<TraceId> sentFirst = Set.copyOf(world.exporter.spanIds().keySet());
        world.run(world.asked("many", 0, 40_000, BackfillMode.EXPORT, many), Backfills.slices(3_000), many);

        assertThat(sentFirst).isNotEmpty();
        assertThat(world.exporter.spanIds().keySet()).hasSizeGreaterThan(sentFirst.size());
        world.exporter.spanIds().keySet()
                .forEach(trace -> assertThat(world.exporter.deliveries(trace)).as("%s", trace).isOne());
        long before = world.runs.slices("many").stream().filter(BackfillSlice::isDone)
                .mapToLong(slice -> slice.counts().tracesExportedBefore()).sum();
        assertThat(before).isEqualTo(sentFirst.size());
    }

    /** What an earlier run wanted to export and could not is not exported yet. */
    @Test
    void anUnconfirmedExportIsNone() {
        World world = new World(Backfills.calm(new Random(8), 80));
        world.exporter.staySilent(1);
        BackfillRun silent = world.asked("silent", 0, 40_000, BackfillMode.EXPORT, Backfills.POLICIES);
        assertThat(world.run(silent, Backfills.slices(3_000), Backfills.POLICIES)).isFalse();
        assertThat(world.runs.find("silent").orElseThrow().finishedAt()).isNull();

        world.exporter.staySilent(0);
        world.run(world.asked("heard", 0, 40_000, BackfillMode.EXPORT, Backfills.POLICIES), Backfills.slices(3_000),
                Backfills.POLICIES);
        assertThat(world.runs.slices("heard").stream().filter(BackfillSlice::isDone)
                .mapToLong(slice -> slice.counts().tracesExportedBefore()).sum()).isZero();
    }

    @Test
    void aTableThatIsNotCompleteStopsTheRunAndLetsItGoOn() {
        List<Backfills.Message> messages = Backfills.calm(new Random(9), 80);
        World calm = new World(messages);
        BackfillRun run = calm.asked("may", 0, 20_000, BackfillMode.RECORD, Backfills.POLICIES);
        calm.run(run, Backfills.slices(500), Backfills.POLICIES);
        World world = new World(messages);

        world.history.completeUntil(BASE + 20_999);
        assertThatThrownBy(() -> world.run(run, Backfills.slices(500), Backfills.POLICIES))
                .isInstanceOf(SourceException.class).hasMessageContaining("let the range end earlier, or wait");
        assertThat(world.runs.list()).isEmpty();
        world.history.completeUntil(BASE + 21_000);
        assertThatThrownBy(() -> world.run(run, Backfills.slices(500), Backfills.POLICIES))
                .isInstanceOf(SourceException.class).hasMessageContaining("go on with the same run");
        world.history.completeUntil(BASE + 60_000);
        assertThat(world.run(run, Backfills.slices(500), Backfills.POLICIES)).isTrue();
        assertThat(rows(world)).isEqualTo(rows(calm));
    }

    @Test
    void aTableThatWasCreatedAnewIsAnotherOne() {
        World world = new World(Backfills.calm(new Random(9), 80));
        BackfillRun run = world.asked("may", 0, 20_000, BackfillMode.RECORD, Backfills.POLICIES);
        world.plan.crashAfter(80);
        assertThatThrownBy(() -> world.run(run, Backfills.slices(500), Backfills.POLICIES))
                .isInstanceOf(CrashPlan.Crash.class);
        world.plan.never();
        world.history.createAnew();

        assertThatThrownBy(() -> world.run(run, Backfills.slices(500), Backfills.POLICIES))
                .isInstanceOf(SourceException.class).hasMessageContaining("was created anew since the run began");
    }

    @Test
    void aDryRunTouchesNothingAndReportsTheSame() {
        List<Backfills.Message> messages = Backfills.wild(new Random(10), 100);
        World world = new World(messages);
        BackfillRun run = world.asked("may", 0, 20_000, BackfillMode.RECORD, Backfills.POLICIES);
        BackfillPorts ports = new BackfillPorts(world.history, world.ledger, world.recent, world.control, world.runs,
                world.exporter, InstantSource.fixed(Instant.EPOCH));
        BackfillRun dry = world.asked("dry", 0, 20_000, BackfillMode.DRY_RUN, Backfills.POLICIES);
        List<BackfillSlice> slices = Backfill.plan(dry, Backfills.slices(2_000), world.history);
        Backfill dryRun = new Backfill(ports, dry, slices, Backfills.POLICIES, 500);
        dryRun.run(share -> {});
        assertThat(world.ledger.rows()).isEmpty();
        assertThat(world.exporter.spanIds()).isEmpty();

        Backfill recording = new Backfill(ports, run, slices, Backfills.POLICIES, 500);
        recording.run(share -> {});
        assertThat(dryRun.report()).isEqualTo(recording.report());
        assertThat(dryRun.report().decided().traces()).isEqualTo(
                world.ledger.rows().stream().filter(row -> row.completion() != CompletionReason.LATE_SPANS).count());
    }
}
