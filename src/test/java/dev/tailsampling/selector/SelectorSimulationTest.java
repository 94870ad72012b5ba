package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.admin.ExposedMetrics;
import dev.tailsampling.admin.ServiceMetrics;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.policy.TraceNumber;
import dev.tailsampling.policy.Vote;
import dev.tailsampling.policy.VoteKind;
import dev.tailsampling.sampler.RateLimit;
import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.OutgoingTraceState;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole life of a selector under one seed: spans arrive and are committed, cycles run, the destination falls silent, and
 * the process dies between any two touches of the outside world. Whatever happens, each trace is decided once, no span
 * goes missing in the counts, and every span of a sampled trace reaches the destination. In every third life the store of
 * recent decisions is now one and now another.
 */
class SelectorSimulationTest {

    private static final long INACTIVITY = 1_000;
    private static final long MAX_DURATION = 5_000;
    private static final List<Long> SPAN_CACHE_BYTES = List.of(0L, 2_000L, 10_000L, 1L << 20);
    private static final List<NamedPolicy> STATELESS = List.of(
            NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR))),
            new NamedPolicy("half", new SamplingPolicy.AlwaysSample(), Threshold.ofProbability(0.3)));
    private static final long BUDGET = 4;
    private static final NamedPolicy LIMITED = NamedPolicy.of("limited", new SamplingPolicy.RateLimiting(
            TraceNumber.SPAN_COUNT, new RateLimit(BUDGET, BUDGET), SamplingPolicy.RateLimiting.Method.THRESHOLD));
    private static final List<CompiledPolicies> WITHOUT_BUDGET = ruled(new PolicySet(STATELESS));
    private static final List<CompiledPolicies> WITH_BUDGET =
            ruled(new PolicySet(Stream.concat(STATELESS.stream(), Stream.of(LIMITED)).toList()));

    /** What applies at one time or another: no force rule, one that keeps, one that drops. */
    private static List<CompiledPolicies> ruled(PolicySet policies) {
        return Stream.of(List.<ForceRule>of(),
                List.of(rule("keep", new ForceRule.Action.ForceKeep(Threshold.ALWAYS))),
                List.of(rule("drop", new ForceRule.Action.ForceDrop())))
                .map(rules -> CompiledPolicies.of(policies.withForceRules(rules))).toList();
    }

    /** For traces with a span of that name. */
    private static ForceRule rule(String spanName, ForceRule.Action action) {
        return new ForceRule(spanName, "", 0,
                SpanMatch.of(List.of(),
                        List.of(new Matcher("span.name", Operator.EQ, List.of(new StringValue(spanName))))),
                action, Instant.EPOCH, Instant.MAX, true);
    }

    static List<Long> seeds() {
        return new Random(20261122).longs(300).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyTraceIsDecidedOnceAndEverySampledSpanArrives(long seed) {
        new Life(seed).run();
    }

    private static final class Life {

        private final long seed;
        private final Random random;
        private final long spanCacheBytes;
        private final MemorySource source;
        private final MemoryLedger ledger = new MemoryLedger();
        private final RecordingExporter exporter;
        private final CrashPlan plan = new CrashPlan();
        private final Map<TraceId, Set<Long>> sent = new HashMap<>();
        private final Map<TraceId, Set<String>> spanNames = new HashMap<>();
        private CompiledPolicies policies;
        private final SwitchingRecent switching;
        private MemoryState state = new MemoryState();
        private long now = 1_700_000_000_000L;
        private long spanIds;
        private boolean budgetForgotten;
        private int runs;
        private CycleReport total = CycleReport.NONE;
        private final ServiceMetrics metrics = new ServiceMetrics("1", InstantSource.fixed(Instant.EPOCH));
        private ExposedMetrics exposed = ExposedMetrics.of("");

        Life(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.spanCacheBytes = SPAN_CACHE_BYTES.get(Math.floorMod(seed >> 1, SPAN_CACHE_BYTES.size()));
            this.source = new MemorySource(1 + random.nextInt(3));
            this.exporter = new RecordingExporter(random);
            this.switching = new SwitchingRecent(new Random(seed));
            this.policies = ruled().getFirst();
        }

        void run() {
            exporter.staySilent(random.nextDouble() * 0.5);
            TraceSelector selector = null;
            for (int step = 0; step < 60; step++) {
                if (random.nextInt(3) > 0) {
                    commitSomeSpans();
                }
                try {
                    plan.crashAfter(random.nextInt(40));
                    switching.changeSometimes();
                    selector = selector == null ? started() : selector;
                    changeRulesSometimes(selector);
                    check(selector.cycle());
                } catch (CrashPlan.Crash e) {
                    selector = null;
                    metrics.cycleFailed(source.name());
                    endTheSessionInOrderSometimes();
                    loseTheCacheSometimes();
                }
                if (step == 30) {
                    checkMetrics();
                }
            }
            plan.never();
            exporter.staySilent(0);
            finish(selector == null ? started() : selector);
            checkEverything();
            checkMetrics();
            metrics.close();
        }

        private TraceSelector started() {
            TraceSelector selector = new TraceSelector(
                    CrashingPorts.of(source, ledger, seed % 3 == 0 ? switching : state, state, exporter,
                            InstantSource.fixed(Instant.EPOCH), plan),
                    policies, new SelectorSettings("run" + runs++, new QuietRule(INACTIVITY, MAX_DURATION), 2_000,
                            spanCacheBytes));
            selector.recover();
            return selector;
        }

        private void changeRulesSometimes(TraceSelector selector) {
            if (random.nextInt(5) == 0) {
                policies = ruled().get(random.nextInt(ruled().size()));
                selector.usePolicies(policies);
            }
        }

        private List<CompiledPolicies> ruled() {
            return hasBudget() ? WITH_BUDGET : WITHOUT_BUDGET;
        }

        private boolean hasBudget() {
            return seed % 2 == 0;
        }

        private void finish(TraceSelector selector) {
            do {
                check(selector.cycle());
            } while (!selector.caughtUp());
            long unconfirmed = check(selector.drain()).get(CycleMetric.EXPORTS_UNCONFIRMED);
            for (int pause = 0; pause < 40 && unconfirmed > 0; pause++) {
                unconfirmed = check(selector.cycle()).get(CycleMetric.EXPORTS_UNCONFIRMED);
            }
            assertThat(unconfirmed).as("seed %d", seed).isZero();
            assertThat(selector.openTraces()).isZero();
        }

        private CycleReport check(CycleReport report) {
            assertThat(report.get(CycleMetric.TRACES_COMPLETED)).as("seed %d", seed)
                    .isEqualTo(report.get(CycleMetric.TRACES_SAMPLED) + report.get(CycleMetric.TRACES_NOT_SAMPLED)
                            + report.get(CycleMetric.TRACES_DROPPED) + report.get(CycleMetric.TRACES_LATE));
            assertThat(report.get(CycleMetric.SPANS_OPEN_BEFORE) + report.get(CycleMetric.SPANS_READ))
                    .as("seed %d", seed)
                    .isEqualTo(report.get(CycleMetric.SPANS_SAMPLED) + report.get(CycleMetric.SPANS_NOT_SAMPLED)
                            + report.get(CycleMetric.SPANS_DROPPED) + report.get(CycleMetric.SPANS_LATE)
                            + report.get(CycleMetric.SPANS_OPEN_AFTER));
            assertThat(report.get(CycleMetric.SPANS_FROM_MEMORY) + report.get(CycleMetric.SPANS_FETCHED))
                    .as("seed %d", seed)
                    .isEqualTo(report.get(CycleMetric.SPANS_EXPORTED) + report.get(CycleMetric.SPANS_REFUSED)
                            + report.get(CycleMetric.SPANS_UNCONFIRMED));
            assertThat(report.get(CycleMetric.CACHE_BYTES)).as("seed %d", seed).isLessThanOrEqualTo(spanCacheBytes);
            assertThat(report.get(CycleMetric.SPANS_CACHED)).as("seed %d", seed)
                    .isLessThanOrEqualTo(report.get(CycleMetric.SPANS_OPEN_AFTER));
            assertThat(report.get(CycleMetric.TRACES_OPEN_BEFORE) + report.get(CycleMetric.TRACES_OPENED))
                    .as("seed %d", seed)
                    .isEqualTo(report.get(CycleMetric.TRACES_COMPLETED) + report.get(CycleMetric.TRACES_OPEN));
            assertThat(report.policyDecisions().values().stream().mapToLong(count -> count).sum())
                    .as("seed %d", seed)
                    .isEqualTo(report.get(CycleMetric.TRACES_COMPLETED) - report.get(CycleMetric.TRACES_LATE));
            metrics.accept(source.name(), report);
            total = total.then(report);
            return report;
        }

        private void endTheSessionInOrderSometimes() {
            if (random.nextBoolean()) {
                metrics.sessionEnded(source.name());
            }
        }

        /** One process shows what all its sessions counted. */
        private void checkMetrics() {
            ExposedMetrics now = ExposedMetrics.of(metrics).assertIdentities("seed " + seed);
            now.assertNotBehind(exposed, "seed " + seed);
            assertThat(now.sum("spans_ingested_total")).as("seed %d", seed)
                    .isEqualTo(total.get(CycleMetric.SPANS_READ));
            assertThat(now.sum("traces_sampled_total")).as("seed %d", seed)
                    .isEqualTo(total.get(CycleMetric.TRACES_SAMPLED));
            assertThat(now.sum("tail_sampling_policy_decisions_total", "policy", "(force rules)")).as("seed %d", seed)
                    .isEqualTo(total.get(CycleMetric.TRACES_FORCE_SAMPLED)
                            + total.get(CycleMetric.TRACES_FORCE_DROPPED));
            exposed = now;
        }

        private void loseTheCacheSometimes() {
            if (random.nextInt(5) == 0) {
                state = new MemoryState();
                budgetForgotten = true;
            }
        }

        private void commitSomeSpans() {
            List<MemorySource.Row> rows = new ArrayList<>();
            Map<Integer, Long> next = new HashMap<>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                now += random.nextInt(400);
                int partition = random.nextInt(3);
                long offset = next.computeIfAbsent(partition, source::nextOffset) + random.nextInt(2);
                next.put(partition, offset + 1);
                rows.add(new MemorySource.Row(partition, offset, now - random.nextInt(300), request()));
            }
            source.commit(now - random.nextInt(200), rows);
            if (random.nextInt(8) == 0) {
                source.commit(now, rows.subList(0, 1 + random.nextInt(rows.size())));
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
            long newest = sent.size();
            TraceId traceId = new TraceId(7, scrambled(Math.max(0, newest - random.nextInt(6))));
            long spanId = ++spanIds;
            sent.computeIfAbsent(traceId, unseen -> new TreeSet<>()).add(spanId);
            String name = random.nextInt(8) > 0 ? "work" : random.nextBoolean() ? "keep" : "drop";
            spanNames.computeIfAbsent(traceId, unseen -> new TreeSet<>()).add(name);
            return Span.newBuilder()
                    .setTraceId(ByteString.copyFrom(
                            ByteBuffer.allocate(16).putLong(traceId.high()).putLong(traceId.low()).array()))
                    .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(spanId).array()))
                    .setTraceState(traceState(spanId)).setName(name)
                    .setStatus(Status.newBuilder().setCodeValue(random.nextInt(10) == 0 ? 2 : 0)).build();
        }

        private static String traceState(long spanId) {
            return List.of("", "vendor=x", "ot=th:4", "ot=th:bad").get((int) spanId % 4);
        }

        /** The rule that applied at the decision saw every span, when it came first or when it came later. */
        private void checkRule(DecisionRecord decision, int spans) {
            if (decision.trace().spanCount() < spans) {
                // The name may be that of a late span.
                return;
            }
            PolicySet applied = ruled().stream().filter(set -> set.version().equals(decision.policySet())).findFirst()
                    .orElseThrow().set();
            String forced = applied.forceRules().stream().map(ForceRule::id)
                    .filter(spanNames.get(decision.trace().traceId())::contains).findFirst().orElse(null);
            assertThat(decision.decision().forceRuleId()).as("seed %d", seed).isEqualTo(forced);
        }

        /** What each span leaves with is known from its trace's first decision, however often it is sent. */
        private static Set<String> outgoing(DecisionRecord decision, Set<Long> spans) {
            OutgoingTraceState rule = new OutgoingTraceState(decision.trace().traceId().low() & (1L << 56) - 1,
                    decision.decision().threshold());
            Set<String> expected = new TreeSet<>();
            for (long span : spans) {
                String outgoing = Objects.requireNonNullElse(rule.of(traceState(span)), traceState(span));
                expected.add(span + " " + (outgoing.isEmpty() ? null : outgoing));
            }
            return expected;
        }

        /** A window's budget is spent once, however often the process died while it was dealt out. */
        private void checkBudget(Collection<DecisionRecord> decisions) {
            Map<Long, Integer> spent = new HashMap<>();
            for (DecisionRecord row : decisions) {
                if (row.decision().votes().contains(new Vote(LIMITED.name(), VoteKind.SAMPLED))) {
                    long complete = Math.min(row.trace().lastArrivalMillis() + INACTIVITY,
                            row.trace().firstArrivalMillis() + MAX_DURATION);
                    spent.merge(Math.floorDiv(complete, PolicyDecider.WINDOW_MILLIS), row.trace().spanCount(),
                            Integer::sum);
                }
            }
            assertThat(spent.isEmpty()).as("seed %d", seed).isEqualTo(!hasBudget());
            if (!budgetForgotten) {
                assertThat(spent.values()).as("seed %d", seed).allMatch(spans -> spans <= BUDGET);
            }
        }

        private static long scrambled(long number) {
            return number * 0x9E3779B97F4A7C15L + 1;
        }

        private void checkEverything() {
            Map<TraceId, DecisionRecord> decisions = new HashMap<>();
            Map<TraceId, Integer> spansAccountedFor = new HashMap<>();
            for (DecisionRecord row : ledger.rows()) {
                spansAccountedFor.merge(row.trace().traceId(), row.trace().spanCount(), Integer::sum);
                if (row.completion() != CompletionReason.LATE_SPANS) {
                    assertThat(decisions.put(row.trace().traceId(), row)).as("decided twice, seed %d", seed).isNull();
                }
            }
            assertThat(decisions.keySet()).as("seed %d", seed).isEqualTo(sent.keySet());
            checkBudget(decisions.values());
            sent.forEach((traceId, spans) -> {
                assertThat(spansAccountedFor.get(traceId)).as("spans of %s, seed %d", traceId, seed)
                        .isEqualTo(spans.size());
                checkRule(decisions.get(traceId), spans.size());
                boolean sampled = decisions.get(traceId).decision().outcome() == Outcome.SAMPLED;
                assertThat(exporter.spanIds().getOrDefault(traceId, Set.of()))
                        .as("export of %s, seed %d", traceId, seed)
                        .isEqualTo(sampled ? spans : Set.of());
                assertThat(exporter.traceStates(traceId)).as("tracestate in %s, seed %d", traceId, seed)
                        .isEqualTo(sampled ? outgoing(decisions.get(traceId), spans) : Set.of());
            });
        }
    }
}
