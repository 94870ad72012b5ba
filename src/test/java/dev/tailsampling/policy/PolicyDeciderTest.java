package dev.tailsampling.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.tailsampling.policy.PolicyDecider.Candidate;
import dev.tailsampling.policy.SamplingPolicy.RateLimiting;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.sampler.BudgetTree;
import dev.tailsampling.sampler.BudgetTree.Child;
import dev.tailsampling.sampler.KeyedSampler;
import dev.tailsampling.sampler.RateLimit;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Policies that depend on other traces. Random tests name their seed. */
class PolicyDeciderTest {

    private static final NamedPolicy ERRORS = NamedPolicy.of("errors", new StatusCodes(Set.of(StatusCode.ERROR)));

    private static NamedPolicy rate(long spansPerSecond) {
        return NamedPolicy.of("rate", new RateLimiting(TraceNumber.SPAN_COUNT,
                new RateLimit(spansPerSecond, spansPerSecond), RateLimiting.Method.THRESHOLD));
    }

    private static NamedPolicy budget(long spansPerSecond, double percentOfErrors) {
        return NamedPolicy.of("budget", new SamplingPolicy.Budget(TraceNumber.SPAN_COUNT,
                new RateLimit(spansPerSecond, spansPerSecond),
                new BudgetTree(List.of(new Child("errors", percentOfErrors), new Child("rest", 0))),
                List.of(ERRORS, NamedPolicy.of("rest", new SamplingPolicy.AlwaysSample()))));
    }

    private static NamedPolicy keyed() {
        return NamedPolicy.of("keyed", new SamplingPolicy.Keyed(KeyedSampler.EmaDynamic.of(4), new KeyFields(
                List.of(new KeyFields.Field("k", SpanMatch.anywhere("k"))), List.of(), true)));
    }

    private static CompiledPolicies compiled(NamedPolicy... policies) {
        return CompiledPolicies.of(new PolicySet(List.of(policies)));
    }

    /** A trace of some spans that became complete at that time, with that randomness. */
    private static Candidate trace(CompiledPolicies policies, long randomness, int spans, StatusCode status,
            long millis) {
        TraceId id = new TraceId(millis, randomness);
        TraceSummary summary = new TraceSummary(id.high(), id.low());
        IntStream.range(0, spans).forEach(i -> policies.folder().fold(summary,
                TestSpan.of(id).id(i + 1).status(status).with("k", "v" + randomness % 3)));
        return new Candidate(summary, millis);
    }

    private static List<Candidate> randomTraces(CompiledPolicies policies, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Candidate> traces = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            StatusCode status = random.nextInt(4) == 0 ? StatusCode.ERROR : StatusCode.OK;
            // Times are distinct, so that the order of decisions is that of the times.
            traces.add(trace(policies, random.nextLong(1L << 56), 1 + random.nextInt(6), status,
                    i * 40L + random.nextInt(40)));
        }
        return traces;
    }

    private static Map<TraceId, Decision> decide(PolicyDecider decider, List<Candidate> traces) {
        Map<TraceId, Decision> decisions = new HashMap<>();
        List<Decision> inOrder = decider.decide(traces);
        for (int i = 0; i < traces.size(); i++) {
            decisions.put(traces.get(i).summary().traceId(), inOrder.get(i));
        }
        return decisions;
    }

    @Test
    void theOrderInWhichTracesAreGiven_changesNothing() {
        for (long seed = 0; seed < 50; seed++) {
            CompiledPolicies policies = compiled(rate(10), budget(20, 50), keyed());
            List<Candidate> traces = randomTraces(policies, seed);
            Map<TraceId, Decision> decisions = decide(new PolicyDecider(policies), traces);
            Collections.shuffle(traces, new Random(seed));

            assertThat(decide(new PolicyDecider(policies), traces)).as("seed %d", seed).isEqualTo(decisions);
        }
    }

    /** A scanner decides what is complete, cycle by cycle, and may be restarted in between. */
    @Test
    void cutsAtWindows_andRestartsFromSnapshots_changeNothing() {
        for (long seed = 0; seed < 50; seed++) {
            CompiledPolicies policies = compiled(rate(10), budget(20, 50), keyed());
            List<Candidate> traces = randomTraces(policies, seed);
            Map<TraceId, Decision> whole = decide(new PolicyDecider(policies), traces);

            Map<TraceId, Decision> cut = new HashMap<>();
            String snapshot = new PolicyDecider(policies).snapshot();
            SplittableRandom random = new SplittableRandom(seed);
            for (long from = 0; from < 12_000;) {
                long start = from;
                long end = from + PolicyDecider.WINDOW_MILLIS * (1 + random.nextInt(3));
                PolicyDecider decider = new PolicyDecider(policies);
                decider.restore(snapshot);
                cut.putAll(decide(decider, traces.stream()
                        .filter(one -> one.decisionMillis() >= start && one.decisionMillis() < end).toList()));
                snapshot = decider.snapshot();
                from = end;
            }

            assertThat(cut).as("seed %d", seed).isEqualTo(whole);
        }
    }

    /** Unless larger traces, which could not pass at all before, now compete as well. */
    @Test
    void whatIsKept_staysKeptWhenTheBudgetGrows() {
        for (long seed = 0; seed < 50; seed++) {
            CompiledPolicies small = compiled(rate(5));
            CompiledPolicies large = compiled(rate(8));
            List<Candidate> window = randomTraces(small, seed).subList(0, 20).stream()
                    .filter(one -> one.summary().spanCount() <= 5).toList();
            Map<TraceId, Decision> more = decide(new PolicyDecider(large), window);

            decide(new PolicyDecider(small), window).forEach((id, decision) -> {
                if (decision.outcome() == Outcome.SAMPLED) {
                    assertThat(more.get(id).outcome()).isEqualTo(Outcome.SAMPLED);
                }
            });
        }
    }

    @Test
    void whatIsKept_isWhatReachesTheThreshold_andFitsTheBudget() {
        for (long seed = 0; seed < 50; seed++) {
            CompiledPolicies policies = compiled(rate(10));
            Map<Long, Integer> spent = new HashMap<>();
            List<Candidate> traces = randomTraces(policies, seed);
            Map<TraceId, Decision> decisions = decide(new PolicyDecider(policies), traces);
            for (Candidate one : traces) {
                Decision decision = decisions.get(one.summary().traceId());
                if (decision.outcome() == Outcome.SAMPLED) {
                    assertThat(decision.threshold().keeps(one.summary().randomness())).isTrue();
                    spent.merge(one.decisionMillis() / 1000, one.summary().spanCount(), Integer::sum);
                }
            }
            assertThat(spent.values()).as("seed %d", seed).isNotEmpty().allMatch(spans -> spans <= 10);
        }
    }

    /** In an and, those that the rest rejects use nothing up, wherever the limit stands. */
    @Test
    void limitInAnd_isDealtOutAmongThoseThatMatchTheRest() {
        for (List<NamedPolicy> order : List.of(List.of(ERRORS, rate(2)), List.of(rate(2), ERRORS))) {
            CompiledPolicies policies = compiled(NamedPolicy.of("and", new SamplingPolicy.And(order)));

            List<Decision> decisions = new PolicyDecider(policies).decide(List.of(
                    trace(policies, 90, 2, StatusCode.OK, 1), trace(policies, 50, 1, StatusCode.ERROR, 2),
                    trace(policies, 40, 1, StatusCode.ERROR, 3), trace(policies, 30, 1, StatusCode.ERROR, 4)));

            assertThat(decisions).extracting(Decision::outcome).containsExactly(Outcome.NOT_SAMPLED, Outcome.SAMPLED,
                    Outcome.SAMPLED, Outcome.NOT_SAMPLED);
            assertThat(decisions.get(1).threshold()).isEqualTo(new Threshold(31));
        }
    }

    @Test
    void droppedTraces_useNothingUp() {
        CompiledPolicies policies = compiled(rate(1), NamedPolicy.of("drop", new SamplingPolicy.Drop(List.of(ERRORS))));

        assertThat(new PolicyDecider(policies).decide(List.of(trace(policies, 90, 1, StatusCode.ERROR, 1),
                trace(policies, 50, 1, StatusCode.OK, 2)))).extracting(Decision::outcome)
                .containsExactly(Outcome.DROPPED, Outcome.SAMPLED);
    }

    @Test
    void firstMatch_dealsOutAmongThoseThatCameSoFar() {
        CompiledPolicies policies = CompiledPolicies.of(new PolicySet(List.of(ERRORS, rate(1)),
                Combination.FIRST_MATCH, Threshold.NEVER, PolicySet.NO_LIMIT, List.of()));

        assertThat(new PolicyDecider(policies).decide(List.of(trace(policies, 90, 1, StatusCode.ERROR, 1),
                trace(policies, 50, 1, StatusCode.OK, 2), trace(policies, 40, 1, StatusCode.OK, 3))))
                .extracting(Decision::policy, Decision::outcome)
                .containsExactly(tuple("errors", Outcome.SAMPLED),
                        tuple("rate", Outcome.SAMPLED),
                        tuple("rate", Outcome.NOT_SAMPLED));
    }

    @Test
    void budget_tellsWhichPartTookTheTrace_andPassesOnWhatIsLeft() {
        CompiledPolicies policies = compiled(budget(4, 50));

        List<Decision> decisions = new PolicyDecider(policies).decide(List.of(
                trace(policies, 90, 1, StatusCode.ERROR, 1), trace(policies, 80, 2, StatusCode.OK, 2),
                trace(policies, 70, 1, StatusCode.OK, 3), trace(policies, 60, 1, StatusCode.OK, 4)));

        assertThat(decisions).extracting(Decision::outcome).containsExactly(Outcome.SAMPLED, Outcome.SAMPLED,
                Outcome.SAMPLED, Outcome.NOT_SAMPLED);
        assertThat(decisions).extracting(decision -> decision.detail().subPolicy())
                .containsExactly("errors", "rest", "rest", "rest");
    }

    @Test
    void budgetsGoOn_whenForceRulesChange_andBeginAnewWhenPoliciesDo() {
        CompiledPolicies policies = compiled(rate(1));
        PolicyDecider decider = new PolicyDecider(policies);
        decider.decide(List.of(trace(policies, 90, 1, StatusCode.OK, 10)));
        Candidate second = trace(policies, 80, 1, StatusCode.OK, 20);

        PolicyDecider same = new PolicyDecider(policies);
        same.restore(decider.snapshot());
        PolicyDecider other = new PolicyDecider(compiled(rate(1), ERRORS));
        other.restore(decider.snapshot());

        assertThat(same.decide(List.of(second)).getFirst().outcome()).isEqualTo(Outcome.NOT_SAMPLED);
        assertThat(other.decide(List.of(second)).getFirst().outcome()).isEqualTo(Outcome.SAMPLED);
    }

    @Test
    void damagedSnapshot_isRefused() {
        CompiledPolicies policies = compiled(rate(1));
        String snapshot = new PolicyDecider(policies).snapshot();

        assertThatIllegalArgumentException().isThrownBy(
                () -> new PolicyDecider(policies).restore(snapshot.substring(0, snapshot.length() - 8)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PolicyDecider(policies).restore(policies.version() + ":"));
    }
}
