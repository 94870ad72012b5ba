package dev.tailsampling.stream;

import static dev.tailsampling.selector.CrashingPorts.crashing;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CrashPlan;
import dev.tailsampling.selector.CycleBuffer;
import dev.tailsampling.selector.CycleGroupLog;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.selector.HoldLimits;
import dev.tailsampling.selector.HoldLimits.WhenFull;
import dev.tailsampling.selector.MemoryLedger;
import dev.tailsampling.selector.PartitionFetcher;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.selector.RecordingExporter;
import dev.tailsampling.selector.SelectorPorts;
import dev.tailsampling.selector.SelectorSettings;
import dev.tailsampling.selector.SmallCyclesControlLog;
import dev.tailsampling.selector.SpanObserver;
import dev.tailsampling.selector.TieredFetcher;
import dev.tailsampling.selector.TraceExporter;
import dev.tailsampling.selector.TraceSelector;
import dev.tailsampling.store.MemoryHandOvers;
import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import dev.tailsampling.translate.SpanEncoding;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole life of one partition under one seed: records come, are read in small or large bites, cycles are recorded
 * together now and then, the destination falls silent, policies change, and the process dies between any two touches of
 * the outside world. Whatever happens, each trace is decided once, no span goes missing, and every span of a sampled
 * trace is exported. In every other life there is no table to leave spans to.
 */
class FastPathSimulationTest {

    private static final long INACTIVITY = 2_000;
    private static final long MAX_DURATION = 20_000;
    private static final NamedPolicy ERRORS =
            NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR)));
    private static final NamedPolicy HALF =
            new NamedPolicy("half", new SamplingPolicy.AlwaysSample(), Threshold.ofProbability(0.3));
    private static final List<CompiledPolicies> POLICIES = Stream.of(List.of(ERRORS, HALF), List.of(HALF, ERRORS))
            .map(policies -> CompiledPolicies.of(new PolicySet(policies))).toList();

    static List<Long> seeds() {
        return new Random(20261126).longs(300).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyTraceIsDecidedOnceAndEverySampledSpanArrives(long seed) {
        new Life(seed).run();
    }

    /** What a process has. */
    private record Instance(RecordQueue queue, TraceSelector selector, CycleBuffer buffer) {}

    private static final class Life {

        private final long seed;
        private final Random random;
        private final boolean hasTable;
        private final boolean mayDie;
        private final MemoryTopic topic = new MemoryTopic();
        private final MemoryLedger ledger = new MemoryLedger();
        private final MemoryHandOvers handOvers = new MemoryHandOvers();
        private final MemoryState state = new MemoryState();
        private final RecordingExporter exporter;
        private final CrashPlan plan = new CrashPlan();
        private final Map<TraceId, Set<Long>> sent = new HashMap<>();
        private final Map<TraceId, Boolean> failed = new HashMap<>();
        private CompiledPolicies policies;
        private long now = 1_700_000_000_000L;
        private long spanIds;
        private long position;
        private long exported;
        private int runs;
        private CycleReport total = CycleReport.NONE;

        Life(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.hasTable = seed % 2 == 0;
            this.mayDie = random.nextInt(4) > 0;
            this.exporter = new RecordingExporter(random);
            this.policies = POLICIES.getFirst();
        }

        void run() {
            exporter.staySilent(mayDie ? random.nextDouble() * 0.5 : 0);
            Instance instance = null;
            for (int step = 0; step < 120; step++) {
                append();
                try {
                    plan.crashAfter(mayDie ? random.nextInt(60) : Integer.MAX_VALUE);
                    instance = instance == null ? started() : instance;
                    changePoliciesSometimes(instance);
                    feed(instance, 1 + random.nextInt(20));
                    cycle(instance);
                    if (random.nextInt(4) == 0) {
                        commit(instance);
                    }
                    if (random.nextInt(20) == 0) {
                        commit(instance);
                        // Somebody else takes the partition over.
                        instance = null;
                    }
                } catch (CrashPlan.Crash e) {
                    instance = null;
                }
            }
            finish(instance);
            check();
        }

        private Instance started() {
            RecordQueue queue = new RecordQueue();
            TopicPartitionSource source = new TopicPartitionSource(MemoryTopic.NAME, 0, queue, topic::read,
                    new RecordDecoder(SpanEncoding.OTLP_PROTO), () -> Instant.ofEpochMilli(now));
            CycleBuffer buffer = new CycleBuffer(crashing(CycleGroupLog.class, ledger, plan),
                    crashing(RecentDecisions.class, state, plan));
            SelectorPorts ports = new SelectorPorts(source,
                    new TieredFetcher(0, null, crashing(PartitionFetcher.class, topic, plan)), buffer,
                    buffer,
                    new SmallCyclesControlLog(crashing(ControlLog.class, state, plan)),
                    crashing(TraceExporter.class, exporter, plan), SpanObserver.NONE,
                    hasTable ? crashing(HandOvers.class, handOvers, plan) : null, () -> Instant.ofEpochMilli(now));
            SelectorSettings settings = new SelectorSettings("run" + runs++, new QuietRule(INACTIVITY, MAX_DURATION),
                    2_000, 1 << 16).withHold(
                            new HoldLimits(1 + random.nextInt(20), 1 + random.nextInt(60),
                                    Duration.ofMillis(1 + random.nextInt(8_000)),
                                    hasTable ? WhenFull.HAND_OVER : WhenFull.DECIDE));
            TraceSelector selector = new TraceSelector(ports, policies, settings);
            selector.recover();
            position = selector.nextOffsets().of(0);
            exported = selector.cycleNumber();
            queue.open();
            return new Instance(queue, selector, buffer);
        }

        private void feed(Instance instance, int most) {
            var records = topic.from(position, most);
            instance.queue().add(records);
            position = records.isEmpty() ? position : records.getLast().offset() + 1;
            if (position >= topic.endOffset()) {
                instance.queue().idleTime(now - 500);
            }
        }

        private void cycle(Instance instance) {
            CycleReport report = instance.selector().cycle();
            assertThat(report.get(CycleMetric.SPANS_OPEN_BEFORE) + report.get(CycleMetric.SPANS_READ))
                    .as("seed %d", seed)
                    .isEqualTo(report.get(CycleMetric.SPANS_SAMPLED) + report.get(CycleMetric.SPANS_NOT_SAMPLED)
                            + report.get(CycleMetric.SPANS_DROPPED) + report.get(CycleMetric.SPANS_LATE)
                            + report.get(CycleMetric.SPANS_OPEN_AFTER));
            assertThat(report.get(CycleMetric.TRACES_OPEN_BEFORE) + report.get(CycleMetric.TRACES_OPENED))
                    .as("seed %d", seed)
                    .isEqualTo(report.get(CycleMetric.TRACES_COMPLETED) + report.get(CycleMetric.TRACES_OPEN));
            total = total.then(report);
            if (!instance.selector().isWaitingForExport()) {
                exported = instance.selector().cycleNumber();
            }
        }

        private void commit(Instance instance) {
            Optional<CycleBuffer.Batch> batch = instance.buffer().next(exported);
            if (batch.isPresent()) {
                crashing(CycleGroupLog.class, ledger, plan).recordTogether(List.of(batch.get().group()),
                        batch.get().decisions());
                instance.buffer().recorded();
                instance.selector().recorded(batch.get().group().last().cycle());
            }
        }

        private void changePoliciesSometimes(Instance instance) {
            if (random.nextInt(15) == 0) {
                policies = POLICIES.get(random.nextInt(POLICIES.size()));
                instance.selector().usePolicies(policies);
            }
        }

        private void append() {
            for (int i = 0; i < random.nextInt(6); i++) {
                now += random.nextInt(random.nextInt(20) == 0 ? 5_000 : 400);
                topic.append(random.nextInt(8) == 0 ? random.nextInt(300) : 0, now - random.nextInt(300), request());
            }
        }

        private byte[] request() {
            var spans = ExportTraceServiceRequest.newBuilder();
            var scope = spans.addResourceSpansBuilder().addScopeSpansBuilder();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                scope.addSpans(span());
            }
            return spans.build().toByteArray();
        }

        private Span span() {
            long back = random.nextInt(10) == 0 ? random.nextInt(60) : random.nextInt(6);
            TraceId traceId = new TraceId(7, Math.max(0, sent.size() - back) * 0x9E3779B97F4A7C15L + 1);
            long spanId = ++spanIds;
            sent.computeIfAbsent(traceId, unseen -> new TreeSet<>()).add(spanId);
            boolean error = random.nextInt(10) == 0;
            failed.merge(traceId, error, Boolean::logicalOr);
            return Span.newBuilder()
                    .setTraceId(ByteString.copyFrom(
                            ByteBuffer.allocate(16).putLong(traceId.high()).putLong(traceId.low()).array()))
                    .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(spanId).array())).setName("work")
                    .setStatus(Status.newBuilder().setCodeValue(error ? 2 : 0)).build();
        }

        private void finish(@Nullable Instance alive) {
            plan.never();
            exporter.staySilent(0);
            Instance instance = alive == null ? started() : alive;
            now += MAX_DURATION * 2;
            for (int i = 0; i < 1_000 && (position < topic.endOffset() || !instance.queue().isEmpty()
                    || instance.selector().openTraces() > 0); i++) {
                feed(instance, 20);
                cycle(instance);
            }
            commit(instance);
            commit(instance);
            assertThat(instance.selector().openTraces()).as("seed %d", seed).isZero();
            assertThat(instance.buffer().decisionsWaiting()).as("seed %d", seed).isZero();
        }

        private void check() {
            Map<TraceId, DecisionRecord> decisions = new HashMap<>();
            Map<TraceId, Integer> spansAccountedFor = new HashMap<>();
            for (DecisionRecord row : ledger.rows()) {
                spansAccountedFor.merge(row.trace().traceId(), row.trace().spanCount(), Integer::sum);
                if (row.completion() != CompletionReason.LATE_SPANS) {
                    assertThat(decisions.put(row.trace().traceId(), row)).as("decided twice, seed %d", seed).isNull();
                }
            }
            assertThat(decisions.keySet()).as("seed %d", seed).isEqualTo(sent.keySet());
            sent.forEach((traceId, spans) -> {
                DecisionRecord decision = decisions.get(traceId);
                assertThat(spansAccountedFor.get(traceId)).as("spans of %s, seed %d", traceId, seed)
                        .isEqualTo(spans.size());
                boolean sampled = decision.decision().outcome() == Outcome.SAMPLED;
                if (decision.trace().spanCount() == spans.size() && failed.get(traceId)) {
                    assertThat(sampled).as("error trace %s, seed %d", traceId, seed).isTrue();
                }
                Set<Long> arrived = exporter.spanIds().getOrDefault(traceId, Set.of());
                if (sampled || !mayDie) {
                    assertThat(arrived).as("export of %s, seed %d", traceId, seed)
                            .isEqualTo(sampled ? spans : Set.of());
                }
            });
            assertThat(total.get(CycleMetric.SPANS_MISSING)).as("the topic keeps all, seed %d", seed).isZero();
            if (hasTable) {
                assertThat(total.get(CycleMetric.TRACES_FORCED)).as("seed %d", seed).isZero();
            } else {
                assertThat(total.get(CycleMetric.TRACES_HANDED_OVER)).as("seed %d", seed).isZero();
            }
            if (!mayDie) {
                assertThat(exporter.spanDeliveries()).as("exactly once, seed %d", seed)
                        .isEqualTo(exporter.spanIds().values().stream().mapToInt(Set::size).sum());
            }
        }
    }
}
