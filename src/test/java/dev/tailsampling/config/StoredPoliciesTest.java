package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.Threshold;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredPoliciesTest {

    private static final String POLICIES = "policies: # für \uD83D\uDE80\n"
            + "  - {name: \"x\\\"y\", type: latency, latency: {threshold_ms: 5}}\n";

    private static ForceRule rule(int number, ForceRule.Action action) {
        Instant noon = Instant.parse("2026-11-22T12:00:00Z");
        return new ForceRule("r" + number, "", 0, SpanMatch.of(
                List.of(new Matcher("k" + number, Operator.EQ, List.of(new StringValue("v".repeat(4_000))))),
                List.of()),
                action, noon, noon.plusSeconds(5), true);
    }

    @ParameterizedTest
    @ValueSource(strings = {POLICIES, "{\"policies\": [{\"name\": \"a\", \"type\": \"always_sample\"}]}",
            "sampling: {sample_errors: false}"})
    void setWithRulesIsReadBack(String policies) {
        List<ForceRule> rules = List.of(rule(2, new ForceRule.Action.ForceDrop()),
                rule(1, new ForceRule.Action.ForceKeep(Threshold.ofShare(0.3))));
        PolicySet set = new PolicyFile("p.yaml", policies).parse().set();

        PolicySet read = StoredPolicies.parse("stored", StoredPolicies.text(policies, rules));

        assertThat(read).isEqualTo(set.withForceRules(rules));
        assertThat(read.version()).isEqualTo(set.withForceRules(rules).version());
    }

    @Test
    void manyLongRulesAreReadBack() {
        List<ForceRule> rules = IntStream.range(0, 1_000)
                .mapToObj(number -> rule(number, new ForceRule.Action.ForceDrop())).toList();

        assertThat(StoredPolicies.parse("stored", StoredPolicies.text(POLICIES, rules)).forceRules()).isEqualTo(rules);
    }

    /** As builds without force rules have kept it, too. */
    @Test
    void withoutRulesItIsTheFileItself() {
        assertThat(StoredPolicies.text(POLICIES, List.of())).isEqualTo(POLICIES);
        assertThat(StoredPolicies.parse("stored", POLICIES))
                .isEqualTo(new PolicyFile("p.yaml", POLICIES).parse().set());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{policies_file: [], force_rules: []}", "{policies_file: '', force_rules: ''}",
            "{policies_file: '', force_rules: [5]}", "{policies_file: '', force_rules: [{}]}", "{"})
    void damagedTextIsRefused(String text) {
        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> StoredPolicies.parse("stored", text))
                .withMessageStartingWith("stored");
    }
}
