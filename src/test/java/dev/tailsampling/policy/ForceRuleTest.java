package dev.tailsampling.policy;

import static dev.tailsampling.trace.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.policy.ForceRule.Action;
import dev.tailsampling.policy.ForceRule.Action.ForceDrop;
import dev.tailsampling.policy.ForceRule.Action.ForceKeep;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForceRuleTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final ForceKeep KEEP = new ForceKeep(Threshold.ALWAYS);
    private static final ForceKeep KEEP_HALF = new ForceKeep(Threshold.ofProbability(0.5));
    private static final ForceDrop DROP = new ForceDrop();
    private static final NamedPolicy ERRORS =
            NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR)));
    private static final NamedPolicy DROP_ALL =
            NamedPolicy.of("noise", new SamplingPolicy.Drop(List.of(NamedPolicy.of("all",
                    new SamplingPolicy.AlwaysSample()))));

    private static ForceRule rule(String id, int priority, Action action) {
        return new ForceRule(id, "", priority, SpanMatch.of(List.of(eq("service.name", "shop")), List.of()), action,
                NOON, NOON.plusSeconds(60), true);
    }

    private static Matcher eq(String key, String value) {
        return new Matcher(key, Operator.EQ, List.of(new StringValue(value)));
    }

    private static Decision decide(List<ForceRule> rules, List<NamedPolicy> policies, TestSpan... spans) {
        return compiled(rules, policies).decide(summary(compiled(rules, policies), spans));
    }

    private static CompiledPolicies compiled(List<ForceRule> rules, List<NamedPolicy> policies) {
        return CompiledPolicies.of(new PolicySet(policies).withForceRules(rules));
    }

    private static TraceSummary summary(CompiledPolicies policies, TestSpan... spans) {
        TraceSummary summary = new TraceSummary(spans[0].traceIdHigh(), spans[0].traceIdLow());
        SpanFolder folder = policies.folder();
        Arrays.stream(spans).forEach(span -> folder.fold(summary, span));
        return summary;
    }

    private static TestSpan shop() {
        return span().resource("service.name", "shop");
    }

    /** A trace of that randomness. */
    private static TestSpan shop(long randomness) {
        return TestSpan.of(new TraceId(1, randomness)).resource("service.name", "shop");
    }

    @Test
    void keepsWhatNoPolicyWouldKeep() {
        Decision decision = decide(List.of(rule("r1", 0, KEEP)), List.of(ERRORS), shop());

        assertThat(decision.outcome()).isEqualTo(Outcome.SAMPLED);
        assertThat(decision.policy()).isEqualTo("force_rule:r1");
        assertThat(decision.forceRuleId()).isEqualTo("r1");
        assertThat(decision.threshold()).isEqualTo(Threshold.ALWAYS);
        assertThat(decision.reason()).isEqualTo("kept by force rule r1: resource(service.name eq \"shop\")");
    }

    @Test
    void dropsWhatAPolicyWouldKeep() {
        Decision decision =
                decide(List.of(rule("r1", 0, DROP)), List.of(ERRORS), shop().status(StatusCode.ERROR));

        assertThat(decision.outcome()).isEqualTo(Outcome.DROPPED);
        assertThat(decision.forceRuleId()).isEqualTo("r1");
    }

    @Test
    void goesBeforeDropPoliciesAndTheSize() {
        CompiledPolicies policies = CompiledPolicies.of(new PolicySet(List.of(DROP_ALL), Combination.ANY,
                Threshold.NEVER, 1, List.of(rule("r1", 0, KEEP))));

        assertThat(policies.decide(summary(policies, shop())).outcome()).isEqualTo(Outcome.SAMPLED);
        assertThat(policies.decide(summary(policies, span())).outcome()).isNotEqualTo(Outcome.SAMPLED);
    }

    @Test
    void leavesOtherTracesToThePolicies() {
        Decision decision = decide(List.of(rule("r1", 0, DROP)), List.of(ERRORS),
                span().resource("service.name", "bank").status(StatusCode.ERROR));

        assertThat(decision.outcome()).isEqualTo(Outcome.SAMPLED);
        assertThat(decision.policy()).isEqualTo("errors");
        assertThat(decision.forceRuleId()).isNull();
    }

    @Test
    void twoSpansDoNotMatchTogether() {
        ForceRule rule = new ForceRule("r1", "", 0,
                SpanMatch.of(List.of(eq("service.name", "shop")), List.of(eq("http.route", "/pay"))), KEEP, NOON,
                NOON.plusSeconds(60), true);

        assertThat(decide(List.of(rule), List.of(ERRORS), shop().with("http.route", "/cart"),
                span().resource("service.name", "bank").with("http.route", "/pay")).outcome())
                .isEqualTo(Outcome.NOT_SAMPLED);
        assertThat(decide(List.of(rule), List.of(ERRORS), span(), shop().with("http.route", "/pay"), span())
                .outcome()).isEqualTo(Outcome.SAMPLED);
    }

    @Test
    void keptShareFallsThroughToTheNextRuleAndThePolicies() {
        long low = 1;
        long high = (1L << 56) - 1;
        List<ForceRule> half = List.of(rule("half", 9, KEEP_HALF));
        List<ForceRule> halfThenDrop = List.of(rule("half", 9, KEEP_HALF), rule("drop", 1, DROP));

        assertThat(decide(half, List.of(ERRORS), shop(high)).policy()).isEqualTo("force_rule:half");
        assertThat(decide(half, List.of(ERRORS), shop(high)).threshold()).isEqualTo(Threshold.ofProbability(0.5));
        assertThat(decide(half, List.of(ERRORS), shop(low)).outcome()).isEqualTo(Outcome.NOT_SAMPLED);
        assertThat(decide(half, List.of(ERRORS), shop(low).status(StatusCode.ERROR)).policy()).isEqualTo("errors");
        assertThat(decide(halfThenDrop, List.of(ERRORS), shop(high)).policy()).isEqualTo("force_rule:half");
        assertThat(decide(halfThenDrop, List.of(ERRORS), shop(low)).policy()).isEqualTo("force_rule:drop");
    }

    /** Kept by a half and by all: the trace was certain to be kept. */
    @Test
    void keptShareOfWhatIsKeptAnywayCountsOnce() {
        Decision decision = decide(List.of(rule("half", 0, KEEP_HALF)), List.of(ERRORS),
                shop((1L << 56) - 1).status(StatusCode.ERROR));

        assertThat(decision.policy()).isEqualTo("force_rule:half");
        assertThat(decision.threshold()).isEqualTo(Threshold.ALWAYS);
    }

    @Test
    void activeRulesAreOrderedByPriorityThenAgeThenId() {
        ForceRule low = rule("a", 1, KEEP);
        ForceRule high = rule("z", 2, KEEP);
        ForceRule older = new ForceRule("y", "", 1, low.match(), KEEP, NOON.minusSeconds(1), low.expiresAt(), true);
        ForceRule twin = rule("b", 1, KEEP);

        assertThat(ForceRule.active(List.of(twin, low, older, high), NOON)).containsExactly(high, older, low, twin);
    }

    @Test
    void theHighestPriorityDecidesAndAllMatchesAreCounted() {
        List<ForceRule> rules = ForceRule.active(
                List.of(rule("keep", 1, KEEP), rule("drop", 2, DROP), rule("half", 0, KEEP_HALF)), NOON);
        CompiledPolicies policies = compiled(rules, List.of(ERRORS));

        assertThat(policies.decide(summary(policies, shop())).policy()).isEqualTo("force_rule:drop");
        assertThat(policies.matchedRules(summary(policies, shop()))).containsExactly("drop", "keep", "half");
        assertThat(policies.matchedRules(summary(policies, span()))).isEmpty();
    }

    @Test
    void endsAtTheInstantOfItsExpiry() {
        ForceRule rule = rule("r1", 0, KEEP);

        assertThat(rule.isActive(NOON.plusSeconds(60).minusNanos(1))).isTrue();
        assertThat(rule.isActive(NOON.plusSeconds(60))).isFalse();
        assertThat(rule.withExpiresAt(NOON.plusSeconds(61)).isActive(NOON.plusSeconds(60))).isTrue();
    }

    @Test
    void disabledRuleIsNotActive() {
        ForceRule rule = rule("r1", 0, KEEP);

        assertThat(rule.withEnabled(false).isActive(NOON)).isFalse();
        assertThat(rule.withEnabled(false).withEnabled(true)).isEqualTo(rule);
    }

    @Test
    void explanationHasRulesBeforePolicies() {
        CompiledPolicies policies =
                compiled(List.of(rule("half", 9, KEEP_HALF), rule("drop", 1, DROP)), List.of(ERRORS));
        TraceSummary summary = summary(policies, shop(1));

        Explanation explanation = policies.explain(policies.evidence(), summary, policies.decide(summary));

        assertThat(explanation.rules()).extracting(finding -> finding.vote().policy() + " " + finding.vote().vote())
                .containsExactly("force_rule:half NOT_SAMPLED", "force_rule:drop DROPPED");
        assertThat(explanation.rules()).extracting(PolicyFinding::part)
                .containsExactly(PolicyFinding.Part.VOTED, PolicyFinding.Part.DECIDED);
        assertThat(explanation.policies()).extracting(PolicyFinding::part)
                .containsExactly(PolicyFinding.Part.NOT_ASKED);
    }

    @Test
    void whatDoesNotChangeDecisionsDoesNotChangeTheVersion() {
        PolicySet set = new PolicySet(List.of(ERRORS));
        ForceRule rule = rule("r1", 0, KEEP);

        assertThat(set.withForceRules(List.of(rule.withExpiresAt(NOON.plusSeconds(999)))).version())
                .isEqualTo(set.withForceRules(List.of(rule)).version());
        assertThat(set.withForceRules(List.of(rule("r1", 0, DROP))).version())
                .isNotEqualTo(set.withForceRules(List.of(rule)).version()).isNotEqualTo(set.version());
    }
}
