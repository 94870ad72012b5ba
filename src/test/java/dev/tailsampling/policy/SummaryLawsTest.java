package dev.tailsampling.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The law that the whole system rests on: spans in any order, cut into any sub-summaries, merged in any grouping, give
 * the same summary and the same decision. A failure names its seed; {@code -Dlaws.seed=n} runs that one alone.
 */
class SummaryLawsTest {

    private static final int SEEDS = 400;
    private static final int WAYS = 12;

    /** All that can be seen of a summary. */
    private record Seen(int spans, int items, long bytes, long start, long end, long duration, long firstArrival,
            long lastArrival, long firstActive, long lastActive,
            int statusBits, long randomness, @Nullable Threshold incomingThreshold, boolean rootSeen,
            @Nullable String rootService, @Nullable String rootName,
            List<Long> conditions, List<Integer> locations) {

        static Seen of(TraceSummary summary, CompiledPolicies policies) {
            return new Seen(summary.spanCount(), summary.itemCount(), summary.byteCount(), summary.startUnixNano(),
                    summary.endUnixNano(),
                    summary.durationNanos(), summary.firstArrivalMillis(), summary.lastArrivalMillis(),
                    summary.firstActiveMillis(), summary.lastActiveMillis(), summary.statusBits(), summary.randomness(),
                    summary.incomingThreshold(), summary.rootSeen(),
                    summary.rootService(),
                    summary.rootName(),
                    IntStream.range(0, policies.conditionWords()).mapToObj(summary::conditionWord).toList(),
                    Arrays.stream(summary.locations()).sorted().boxed().toList());
        }
    }

    /** A span with its arrival and its place. */
    private record Arrival(TestSpan span, long millis, long activeMillis, int location) {}

    private static long[] seeds() {
        Long only = Long.getLong("laws.seed");
        return only == null ? IntStream.range(0, SEEDS).asLongStream().toArray() : new long[]{only};
    }

    @Test
    void anyOrderAnyCutAnyGrouping_givesTheSame() {
        for (long seed : seeds()) {
            RandomTraces random = new RandomTraces(seed);
            // Every third set has more conditions than one word of bits.
            PolicySet set = random.fullPolicySet(seed % 3 == 0 ? 300 : 1 + (int) (seed % 20));
            CompiledPolicies policies = CompiledPolicies.of(set);
            assertThat(policies.conditionWords() > 1 || seed % 3 != 0).as("seed %d", seed).isTrue();
            List<Arrival> arrivals = arrivals(random.trace(30), seed);
            TraceSummary whole = fold(policies, arrivals);

            for (int way = 0; way < WAYS; way++) {
                TraceSummary other = anotherWay(policies, arrivals, new SplittableRandom(seed * 1_000 + way));

                assertThat(Seen.of(other, policies)).as("seed %d, way %d", seed, way)
                        .isEqualTo(Seen.of(whole, policies));
                assertThat(policies.decide(other)).as("seed %d, way %d", seed, way).isEqualTo(policies.decide(whole));
            }
        }
    }

    private static List<Arrival> arrivals(List<TestSpan> spans, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return spans.stream().map(span -> arrival(span, seed % 4 == 0, random)).toList();
    }

    /** Some records tell a wrong time. */
    private static Arrival arrival(TestSpan span, boolean mayBeWrong, SplittableRandom random) {
        long millis = 1_000 + random.nextInt(50);
        boolean wrong = mayBeWrong && random.nextInt(3) == 0;
        return new Arrival(span, wrong ? random.nextInt(-1, 100_000) : millis, millis, random.nextInt(6));
    }

    private static TraceSummary fold(CompiledPolicies policies, List<Arrival> arrivals) {
        return fold(policies, arrivals.getFirst(), arrivals);
    }

    private static TraceSummary fold(CompiledPolicies policies, Arrival any, List<Arrival> arrivals) {
        TestSpan first = any.span();
        TraceSummary summary = new TraceSummary(first.traceIdHigh(), first.traceIdLow());
        foldInto(summary, policies, arrivals);
        return summary;
    }

    private static void foldInto(TraceSummary summary, CompiledPolicies policies, List<Arrival> arrivals) {
        SpanFolder folder = policies.folder();
        for (Arrival arrival : arrivals) {
            folder.fold(summary, arrival.span());
            summary.arrived(arrival.millis(), arrival.activeMillis(), arrival.location());
        }
    }

    private static TraceSummary anotherWay(CompiledPolicies policies, List<Arrival> arrivals, SplittableRandom random) {
        List<Arrival> shuffled = new ArrayList<>(arrivals);
        Collections.shuffle(shuffled, new Random(random.nextLong()));
        List<TraceSummary> parts = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(8); i++) {
            parts.add(new TraceSummary(arrivals.getFirst().span().traceIdHigh(),
                    arrivals.getFirst().span().traceIdLow()));
        }
        // Some parts may stay without a span.
        for (Arrival arrival : shuffled) {
            foldInto(parts.get(random.nextInt(parts.size())), policies, List.of(arrival));
        }
        return mergeAll(parts, policies, random);
    }

    private static TraceSummary mergeAll(List<TraceSummary> parts, CompiledPolicies policies, SplittableRandom random) {
        while (parts.size() > 1) {
            TraceSummary taken = parts.remove(random.nextInt(parts.size()));
            Seen before = Seen.of(taken, policies);
            parts.get(random.nextInt(parts.size())).merge(taken);
            assertThat(Seen.of(taken, policies)).as("a merged summary stays as it was").isEqualTo(before);
        }
        return parts.getFirst();
    }

    /** A summary rebuilt from what a decision record holds decides as the first one did. */
    @Test
    void rebuiltSummary_decidesTheSame() {
        for (long seed : seeds()) {
            RandomTraces random = new RandomTraces(seed);
            CompiledPolicies policies = CompiledPolicies.of(random.fullPolicySet(seed % 3 == 0 ? 300 : 5));
            TraceSummary summary = fold(policies, arrivals(random.trace(30), seed));

            TraceSummary rebuilt = new TraceSummary(summary.traceIdHigh(), summary.traceIdLow());
            rebuilt.restore(summary.spanCount(), summary.byteCount(), summary.startUnixNano(), summary.endUnixNano(),
                    summary.statusBits(), summary.randomness());
            rebuilt.restore(summary.eventAndLinkCount(), summary.incomingThreshold(), summary.rootService(),
                    summary.rootName());
            IntStream.range(0, policies.conditionWords())
                    .forEach(word -> rebuilt.restoreConditionWord(word, summary.conditionWord(word)));

            assertThat(policies.decide(rebuilt)).as("seed %d", seed).isEqualTo(policies.decide(summary));
        }
    }

    /** Workers share the policies and nothing else; each sees a part of the spans, and their summaries are merged. */
    @Test
    void oneWorkerAndManyWorkers_agree() throws Exception {
        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            for (long seed = 0; seed < SEEDS / 4; seed++) {
                RandomTraces random = new RandomTraces(seed);
                CompiledPolicies policies = CompiledPolicies.of(random.fullPolicySet(20));
                List<Arrival> arrivals = arrivals(random.trace(30), seed);
                List<Future<TraceSummary>> parts = new ArrayList<>();
                for (int worker = 0; worker < 4; worker++) {
                    int own = worker;
                    parts.add(workers.submit(() -> fold(policies, arrivals.getFirst(), IntStream
                            .range(0, arrivals.size()).filter(i -> i % 4 == own).mapToObj(arrivals::get).toList())));
                }
                TraceSummary merged = parts.getFirst().get();
                for (Future<TraceSummary> part : parts.subList(1, parts.size())) {
                    merged.merge(part.get());
                }

                assertThat(policies.decide(merged)).as("seed %d", seed)
                        .isEqualTo(policies.decide(fold(policies, arrivals)));
            }
        }
    }

    /** The rate of a drop policy aside, which says how much goes. */
    @Test
    void raisingRates_neverLosesAKeptTrace() {
        int kept = 0;
        for (long seed : seeds()) {
            RandomTraces random = new RandomTraces(seed);
            PolicySet set = random.fullPolicySet(1 + (int) (seed % 6));
            CompiledPolicies policies = CompiledPolicies.of(set);
            CompiledPolicies raised = CompiledPolicies.of(raised(set, new SplittableRandom(seed)));
            for (int i = 0; i < 10; i++) {
                List<Arrival> arrivals = arrivals(random.trace(10), seed);
                if (policies.decide(fold(policies, arrivals)).outcome() == Outcome.SAMPLED) {
                    kept++;
                    assertThat(raised.decide(fold(raised, arrivals)).outcome()).as("seed %d", seed)
                            .isEqualTo(Outcome.SAMPLED);
                }
            }
        }
        assertThat(kept).isGreaterThan(SEEDS);
    }

    private static PolicySet raised(PolicySet set, SplittableRandom random) {
        List<NamedPolicy> policies = set.policies().stream().map(named -> named.policy() instanceof SamplingPolicy.Drop
                ? named
                : new NamedPolicy(named.name(), raised(named.policy(), random), raised(named.rate(), random))).toList();
        return new PolicySet(policies, set.combination(), raised(set.unmatched(), random), set.maxTraceBytes(),
                set.forceRules());
    }

    private static SamplingPolicy raised(SamplingPolicy policy, SplittableRandom random) {
        return policy instanceof SamplingPolicy.Probabilistic share
                ? new SamplingPolicy.Probabilistic(raised(share.threshold(), random))
                : policy;
    }

    private static Threshold raised(Threshold threshold, SplittableRandom random) {
        return new Threshold(random.nextLong(threshold.value() + 1));
    }

    /** The generator would prove nothing if all traces were decided alike. */
    @Test
    void generatorMakesAllOutcomes() {
        List<Outcome> outcomes = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomTraces random = new RandomTraces(seed);
            CompiledPolicies policies = CompiledPolicies.of(random.policySet(3));
            outcomes.add(policies.decide(fold(policies, arrivals(random.trace(30), seed))).outcome());
        }

        assertThat(Outcome.values()).allSatisfy(
                outcome -> assertThat(Collections.frequency(outcomes, outcome)).as("%s", outcome)
                        .isGreaterThan(SEEDS / 20));
    }

    /** Estimates weighted by 1 / probability are right on average: the votes do not depend on each other's chance. */
    @Test
    void thresholds_areTheProbabilitiesOfBeingKept() {
        CompiledPolicies policies = CompiledPolicies.of(new RandomTraces(7).policySet(6));
        RandomTraces random = new RandomTraces(11);
        double weight = 0;
        int sampleable = 0;
        for (int i = 0; i < 40_000; i++) {
            TraceSummary summary = fold(policies, arrivals(random.trace(6), i));
            Decision decision = policies.decide(summary);
            weight += decision.threshold() == null ? 0 : decision.threshold().adjustedCount();
            sampleable += isSampleable(policies, summary) ? 1 : 0;
        }

        assertThat(weight / sampleable).isBetween(0.95, 1.05);
    }

    /** Whether some randomness would have the trace sampled. The highest is the likeliest. */
    private static boolean isSampleable(CompiledPolicies policies, TraceSummary summary) {
        TraceSummary luckiest = new TraceSummary(0, (1L << 56) - 1);
        luckiest.restore(summary.spanCount(), summary.byteCount(), summary.startUnixNano(), summary.endUnixNano(),
                summary.statusBits(), luckiest.randomness());
        IntStream.range(0, policies.conditionWords())
                .forEach(word -> luckiest.restoreConditionWord(word, summary.conditionWord(word)));
        return policies.decide(luckiest).outcome() == Outcome.SAMPLED;
    }
}
