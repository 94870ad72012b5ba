package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.sampler.BudgetTree;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.TraceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is missing in a Collector's policy: refused natively, and zero where it is read as the Collector does. */
class CollectorZeroTest {

    private static ParsedPolicies parse(String policy, Compat compat) {
        return new PolicyFile("p.yaml", "policies:\n  - {name: p, " + policy + "}")
                .as(new PolicyDialect(null, compat, null)).parse();
    }

    /** Of a trace of one span that lasts a second. */
    private static Outcome outcome(String policy) {
        CompiledPolicies policies = CompiledPolicies.of(parse(policy, Compat.OTEL).set());
        TraceSummary summary = new TraceSummary(0, 1);
        policies.folder().fold(summary, TestSpan.of(new TraceId(0, 1)).millis(1_000, 2_000).with("b", false));
        return policies.decide(summary).outcome();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type: latency                                                    | SAMPLED
            type: probabilistic                                              | NOT_SAMPLED
            type: boolean_attribute, boolean_attribute: {key: b}             | SAMPLED
            type: string_attribute, string_attribute: {key: b}               | NOT_SAMPLED
            type: string_attribute, string_attribute: {key: b, invert_match: true} | SAMPLED
            type: trace_state, trace_state: {key: b}                         | NOT_SAMPLED
            type: span_count                                                 | SAMPLED
            type: and, and: {and_sub_policy: []}                             | SAMPLED
            type: drop, drop: {drop_sub_policy: []}                          | DROPPED
            """)
    void missingIsZero_inTheCollectorsModes(String policy, Outcome outcome) {
        assertThat(outcome(policy)).isEqualTo(outcome);
        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> parse(policy, Compat.NATIVE));
    }

    @Test
    void shareOfAStranger_isPassedOver_inTheCollectorsModes() {
        String policy = "type: composite, composite: {max_total_spans_per_second: 10, "
                + "composite_sub_policy: [{name: a, type: always_sample}], "
                + "rate_allocation: [{policy: b, percent: 33.34}]}";

        assertThat(parse(policy, Compat.OTEL).warnings()).singleElement().asString()
                .contains("rate_allocation names b");
        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> parse(policy, Compat.NATIVE));
    }

    @Test
    void partsOfABudgetWithoutAShare_divideWhatTheOthersLeave() {
        SamplingPolicy.Budget budget = (SamplingPolicy.Budget) parse("""
                type: budget, budget: {spans_per_second: 10, policies: [
                  {name: a, type: always_sample}, {name: b, type: always_sample, percent: 50},
                  {name: c, type: always_sample}]}""", Compat.NATIVE).set().policies().getFirst().policy();

        assertThat(budget.tree().children()).extracting(BudgetTree.Child::percent).containsExactly(25.0, 50.0, 25.0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    maximum_trace_size_bytes: -1                        | maximum_trace_size_bytes must be at least 0, not -1
                    default: 200                                        | default must be drop, keep or a percentage from 0 to 100
                    default: -1                                         | default must be drop, keep or a percentage from 0 to 100
                    {combine: first_match, sample_on_first_match: true} | sample_on_first_match is combine: first_sampled
                    """)
    void settingsOutOfRange_areRefused(String setting, String problem) {
        String fields = setting.startsWith("{") ? setting.substring(1, setting.length() - 1) : setting;
        PolicyFile file = new PolicyFile("p.yaml", "{" + fields + ", policies: [{name: p, type: always_sample}]}");

        assertThatExceptionOfType(PolicyException.class).isThrownBy(file::parse).withMessageContaining(problem);
    }
}
