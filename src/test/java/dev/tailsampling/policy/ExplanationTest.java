package dev.tailsampling.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tailsampling.policy.ForceRule.Action.ForceKeep;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.PolicyFinding.Part;
import dev.tailsampling.policy.SamplingPolicy.AlwaysSample;
import dev.tailsampling.policy.SamplingPolicy.And;
import dev.tailsampling.policy.SamplingPolicy.Drop;
import dev.tailsampling.policy.SamplingPolicy.HasRoot;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.Not;
import dev.tailsampling.policy.SamplingPolicy.NumericAttribute;
import dev.tailsampling.policy.SamplingPolicy.Probabilistic;
import dev.tailsampling.policy.SamplingPolicy.RateLimiting;
import dev.tailsampling.policy.SamplingPolicy.Spans;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.policy.SamplingPolicy.StringAttribute;
import dev.tailsampling.sampler.RateLimit;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which policy, which span, which value: what an explanation says of a decision. */
class ExplanationTest {

    private static final NamedPolicy ERRORS = NamedPolicy.of("errors", new StatusCodes(Set.of(StatusCode.ERROR)));
    private static final NamedPolicy CHECKOUT = NamedPolicy.of("checkout",
            new StringAttribute(AttributeKey.of("service.name"), Set.of("checkout"), List.of()));
    private static final NamedPolicy SLOW = NamedPolicy.of("slow", new Latency(5000, Latency.NO_UPPER_BOUND));
    private static final NamedPolicy SERVER_ERROR = NamedPolicy.of("5xx",
            new NumericAttribute(AttributeKey.of("http.response.status_code"), BigDecimal.valueOf(500), null));

    private static final TestSpan ROOT = TestSpan.span().id(1).name("GET /").resource("service.name", "front")
            .millis(1000, 9000);
    private static final TestSpan PAY = TestSpan.span().id(2).parent(1).name("pay")
            .resource("service.name", "checkout").millis(2000, 3000).status(StatusCode.ERROR)
            .with("http.response.status_code", 503);
    private static final TestSpan PAY_AGAIN = TestSpan.span().id(3).parent(1).name("pay again")
            .resource("service.name", "checkout").millis(4000, 9500).status(StatusCode.ERROR);

    private static Explanation explain(PolicySet set, SpanView... spans) {
        CompiledPolicies policies = CompiledPolicies.of(set);
        SpanEvidence evidence = policies.evidence();
        SpanFolder folder = policies.folder();
        TraceSummary summary = new TraceSummary(spans[0].traceIdHigh(), spans[0].traceIdLow());
        for (SpanView span : spans) {
            evidence.add(span);
            folder.fold(summary, span);
        }
        Decision decision = new PolicyDecider(policies)
                .decide(List.of(new PolicyDecider.Candidate(summary, 0))).getFirst();
        return policies.explain(evidence, summary, decision);
    }

    private static Explanation explain(NamedPolicy policy) {
        return explain(new PolicySet(List.of(policy)), PAY_AGAIN, PAY, ROOT);
    }

    private static List<String> evidence(Finding finding) {
        return finding.evidence().stream().map(found -> found.spanId() + " " + found.spanName() + " of "
                + found.service() + ": " + found.found()).toList();
    }

    private static Finding only(Explanation explanation) {
        assertThat(explanation.policies()).hasSize(1);
        return explanation.policies().getFirst().finding();
    }

    @Test
    void spanThatStartedFirst_isShownWithItsValue() {
        assertThat(evidence(only(explain(CHECKOUT))))
                .containsExactly("2 pay of checkout: resource.service.name = \"checkout\"");
        assertThat(evidence(only(explain(SERVER_ERROR))))
                .containsExactly("2 pay of checkout: span.http.response.status_code = 503");
        assertThat(evidence(only(explain(ERRORS)))).containsExactly("2 pay of checkout: span.status = \"ERROR\"");
    }

    @Test
    void duration_isShownByTheSpansAtItsEnds() {
        assertThat(evidence(only(explain(SLOW)))).containsExactly(
                "1 GET / of front: earliest start 1970-01-01T00:00:01Z",
                "3 pay again of checkout: latest end 1970-01-01T00:00:09.500Z");
    }

    @Test
    void root_isShown() {
        assertThat(evidence(only(explain(NamedPolicy.of("rooted", new HasRoot())))))
                .containsExactly("1 GET / of front: it has no parent");
    }

    @Test
    void allSpans_isRefutedByACounterexample() {
        SpanTest failed = SpanMatch.of(List.of(), List.of(new Matcher("span.status", Operator.EQ,
                List.of(new StringValue("ERROR"))))).test();
        Finding mixed = only(explain(NamedPolicy.of("all", new Spans(Quantifier.ALL_SPANS, failed))));
        Finding all = only(explain(new PolicySet(List.of(NamedPolicy.of("all",
                new Spans(Quantifier.ALL_SPANS, failed)))), PAY));

        assertThat(mixed.answer()).isEqualTo(Finding.Answer.DOES_NOT_MATCH);
        assertThat(mixed.why()).startsWith("a span does not have");
        assertThat(evidence(mixed)).containsExactly("1 GET / of front: span.status = \"UNSET\"");
        assertThat(all.why()).startsWith("every span has");
        assertThat(all.evidence()).isEmpty();
    }

    @Test
    void whatNoSpanHas_hasNoEvidence() {
        Finding finding = only(explain(NamedPolicy.of("other",
                new StringAttribute(AttributeKey.of("service.name"), Set.of("billing"), List.of()))));

        assertThat(finding.why()).isEqualTo("no span has service.name in [\"billing\"]");
        assertThat(finding.evidence()).isEmpty();
        assertThat(finding.threshold()).isNull();
    }

    @Test
    void eventsAndLinks_areNamed() {
        TestSpan span = TestSpan.span().id(7).name("job")
                .event("exception", Map.of("exception.type", new StringValue("Timeout")))
                .link(ROOT.traceId(), 0xab, Map.of("kind", new StringValue("retry")));
        SpanMatch match = new SpanMatch(List.of(), List.of(), List.of(), List.of(),
                List.of(equal("event.name", "exception"), equal("exception.type", "Timeout")),
                List.of(equal("kind", "retry")));

        Finding finding = only(explain(new PolicySet(List.of(NamedPolicy.of("timeouts",
                new Spans(Quantifier.ANY_SPAN, match.test())))), span));

        assertThat(evidence(finding)).containsExactly("7 job of : event \"exception\" with exception.type = \"Timeout\""
                + " and link to span 00000000000000ab with kind = \"retry\"");
    }

    private static Matcher equal(String key, String value) {
        return new Matcher(key, Operator.EQ, List.of(new StringValue(value)));
    }

    @Test
    void policyOfPolicies_isATree() {
        NamedPolicy fast = NamedPolicy.of("fast", new Not(SLOW));
        Finding finding = only(explain(new NamedPolicy("both", new And(List.of(CHECKOUT, fast)),
                Threshold.ofProbability(0.5))));

        assertThat(finding.answer()).isEqualTo(Finding.Answer.DOES_NOT_MATCH);
        assertThat(finding.why()).startsWith("randomness").contains("threshold");
        assertThat(finding.parts()).extracting(Finding::name).containsExactly("checkout", "fast");
        assertThat(finding.parts().getFirst().answer()).isEqualTo(Finding.Answer.MATCHES);
        Finding slow = finding.parts().getLast().parts().getFirst();
        assertThat(slow.name()).isEqualTo("slow");
        assertThat(slow.answer()).isEqualTo(Finding.Answer.MATCHES);
        assertThat(slow.evidence()).hasSize(2);
    }

    @Test
    void forceRules_areShownUpToTheOneThatDecides() {
        PolicySet set = new PolicySet(List.of(ERRORS)).withForceRules(List.of(rule("billing", 9), rule("checkout", 5),
                rule("front", 1)));

        Explanation explanation = explain(set, ROOT, PAY);

        assertThat(explanation.rules()).extracting(rule -> rule.vote().policy(), PolicyFinding::part).containsExactly(
                tuple("force_rule:billing", Part.VOTED),
                tuple("force_rule:checkout", Part.DECIDED));
        assertThat(explanation.rules().getFirst().finding().why()).isEqualTo("no span matches");
        assertThat(evidence(explanation.rules().getLast().finding()))
                .containsExactly("2 pay of checkout: resource.service.name = \"checkout\"");
        assertThat(explanation.because())
                .isEqualTo("a force rule goes before all policies; rules asked before it that did not decide: 1");
        assertThat(explanation.policies().getFirst().part()).isEqualTo(Part.NOT_ASKED);
        assertThat(explanation.policies().getFirst().vote().vote()).isEqualTo(VoteKind.SAMPLED);
    }

    private static ForceRule rule(String service, int priority) {
        return new ForceRule(service, "", priority, SpanMatch.of(List.of(equal("service.name", service)), List.of()),
                new ForceKeep(Threshold.ALWAYS), Instant.EPOCH, Instant.MAX, true);
    }

    @Test
    void reason_saysWhyThisPolicyWon() {
        NamedPolicy all = NamedPolicy.of("all", new AlwaysSample());
        NamedPolicy half = NamedPolicy.of("half", new Probabilistic(Threshold.ofProbability(0.5)));
        NamedPolicy drop = NamedPolicy.of("drop", new Drop(List.of(SLOW)));

        assertThat(because(Combination.ANY, ERRORS, half)).isEqualTo("no other policy samples the trace");
        assertThat(because(Combination.ANY, ERRORS, all, half)).isEqualTo(
                "of the 2 policies that sample the trace 2 have the lowest threshold, and it is the first of them");
        assertThat(because(Combination.ANY, all, drop)).isEqualTo("a drop policy that matches wins over all others");
        assertThat(because(Combination.FIRST_SAMPLED, half, all))
                .isEqualTo("the first policy that samples decides");
        assertThat(because(Combination.FIRST_MATCH, half, all))
                .isEqualTo("the first policy that matches decides, whatever it says");
        assertThat(because(Combination.ANY, half))
                .isEqualTo("the trace is in the share of none of the policies that match");
        assertThat(because(Combination.ANY, NamedPolicy.of("fast", new Not(SLOW))))
                .isEqualTo("no policy samples the trace, and the default does not either");
    }

    private static String because(Combination combination, NamedPolicy... policies) {
        return explain(new PolicySet(List.of(policies), combination, Threshold.NEVER, PolicySet.NO_LIMIT, List.of()),
                ROOT, PAY_AGAIN, PAY).because();
    }

    @Test
    void votesThatDependOnOtherTraces_standAsTheyWereCast() {
        SamplingPolicy tooSmall = new RateLimiting(TraceNumber.SPAN_COUNT, new RateLimit(1, 1),
                RateLimiting.Method.THRESHOLD);

        PolicyFinding limited = explain(NamedPolicy.of("rate", new And(List.of(ERRORS, NamedPolicy.of("limit",
                tooSmall))))).policies().getFirst();

        assertThat(limited.vote().vote()).isEqualTo(VoteKind.NOT_SAMPLED);
        assertThat(limited.finding().answer()).isEqualTo(Finding.Answer.DEPENDS_ON_OTHER_TRACES);
        assertThat(limited.finding().threshold()).isNull();
        assertThat(limited.finding().parts()).extracting(Finding::answer)
                .containsExactly(Finding.Answer.MATCHES, Finding.Answer.DEPENDS_ON_OTHER_TRACES);
    }

    /** Whatever order the spans come in, the same is said, and everything said of a span is shown by one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void orderOfSpans_doesNotMatter(long seed) {
        RandomTraces random = new RandomTraces(seed);
        PolicySet set = random.policySet(6);
        for (int i = 0; i < 20; i++) {
            SpanView[] spans = random.trace(12).toArray(SpanView[]::new);
            Explanation explanation = explain(set, spans);
            List<SpanView> shuffled = new ArrayList<>(Arrays.asList(spans));
            Collections.shuffle(shuffled, new Random(seed));

            assertThat(explain(set, shuffled.toArray(SpanView[]::new))).as("seed %d", seed).isEqualTo(explanation);
            explanation.policies().forEach(policy -> assertShown(policy.finding(), seed));
        }
    }

    private static void assertShown(Finding finding, long seed) {
        if (finding.parts().isEmpty() && finding.why().startsWith("a span has")) {
            assertThat(finding.evidence()).as("seed %d: %s", seed, finding).isNotEmpty();
        }
        finding.parts().forEach(part -> assertShown(part, seed));
    }
}
