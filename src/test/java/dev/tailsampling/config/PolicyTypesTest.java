package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SamplingPolicy.AlwaysSample;
import dev.tailsampling.policy.SamplingPolicy.And;
import dev.tailsampling.policy.SamplingPolicy.BooleanAttribute;
import dev.tailsampling.policy.SamplingPolicy.Drop;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.Not;
import dev.tailsampling.policy.SamplingPolicy.NumericAttribute;
import dev.tailsampling.policy.SamplingPolicy.Probabilistic;
import dev.tailsampling.policy.SamplingPolicy.SpanCount;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.policy.SamplingPolicy.StringAttribute;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each type of policy in a file means. {@link PolicyFileRefusalTest} has those that mean nothing. */
class PolicyTypesTest {

    private static ParsedPolicies parse(String yaml) {
        return new PolicyFile("p.yaml", yaml).parse();
    }

    /** The only policy of a list. */
    private static SamplingPolicy policy(String fields) {
        return parse("policies: [{name: p, " + fields + "}]").set().policies().getFirst().policy();
    }

    private static final AttributeKey KEY = AttributeKey.of("k");

    @Test
    void alwaysSample() {
        assertThat(policy("type: always_sample")).isEqualTo(new AlwaysSample());
        assertThat(policy("type: always_sample, always_sample: {}")).isEqualTo(new AlwaysSample());
    }

    @Test
    void latency() {
        assertThat(policy("type: latency, latency: {threshold_ms: 5000}"))
                .isEqualTo(new Latency(5000, Latency.NO_UPPER_BOUND));
        assertThat(policy("type: latency, latency: {threshold_ms: 0, upper_threshold_ms: 7}"))
                .isEqualTo(new Latency(0, 7));
        assertThat(policy("type: latency, latency: {threshold_ms: 5, upper_threshold_ms: 0}"))
                .isEqualTo(new Latency(5, Latency.NO_UPPER_BOUND));
    }

    @Test
    void statusCode() {
        assertThat(policy("type: status_code, status_code: {status_codes: [ERROR, Unset, STATUS_CODE_OK, ERROR]}"))
                .isEqualTo(new StatusCodes(Set.of(StatusCode.ERROR, StatusCode.UNSET, StatusCode.OK)));
    }

    @Test
    void stringAttribute() {
        assertThat(policy(
                "type: string_attribute, string_attribute: {key: k, values: [a, '5', a], cache_max_size: 9}"))
                .isEqualTo(new StringAttribute(KEY, Set.of("a", "5"), List.of()));
    }

    @Test
    void stringAttribute_asRegularExpressions() {
        StringAttribute policy = (StringAttribute) policy("type: string_attribute, "
                + "string_attribute: {key: k, values: ['a.', b], enabled_regex_matching: true}");

        assertThat(policy.values()).isEmpty();
        assertThat(policy.patterns()).extracting(Pattern::pattern).containsExactly("a.", "b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            min_value: 0                           | 0   | -
            max_value: 0                           | -   | 0
            min_value: null, max_value: 5          | -   | 5
            min_value: -1.5, max_value: +2.50      | -1.5| 2.50
            min_value: 5, max_value: 5             | 5   | 5
            min_value: 1e3                         | 1E+3| -
            min_value: 9223372036854775808         | 9223372036854775808 | -
            """)
    void numericAttribute(String bounds, BigDecimal min, BigDecimal max) {
        assertThat(policy("type: numeric_attribute, numeric_attribute: {key: k, " + bounds + "}"))
                .isEqualTo(new NumericAttribute(KEY, min, max));
    }

    @Test
    void booleanAttribute() {
        assertThat(policy("type: boolean_attribute, boolean_attribute: {key: k, value: false}"))
                .isEqualTo(new BooleanAttribute(KEY, false));
        assertThat(policy("type: boolean_attribute, boolean_attribute: {key: k, value: True}"))
                .isEqualTo(new BooleanAttribute(KEY, true));
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 0", "1e-30, 0", "10, 0.1", "33.3, 0.333", "99.999, 0.99999", "100, 1", "1000, 1"})
    void probabilistic(String percentage, double probability) {
        assertThat(policy("type: probabilistic, probabilistic: {sampling_percentage: " + percentage + "}"))
                .isEqualTo(new Probabilistic(Threshold.ofShare(probability)));
    }

    @Test
    void spanCount() {
        assertThat(policy("type: span_count, span_count: {min_spans: 3}"))
                .isEqualTo(new SpanCount(3, SpanCount.NO_LIMIT));
        assertThat(policy("type: span_count, span_count: {max_spans: 20}")).isEqualTo(new SpanCount(0, 20));
        assertThat(policy("type: span_count, span_count: {min_spans: 3, max_spans: 0}"))
                .isEqualTo(new SpanCount(3, SpanCount.NO_LIMIT));
    }

    @Test
    void and() {
        assertThat(policy("""
                type: and, and: {and_sub_policy: [
                  {name: a, type: always_sample},
                  {type: not, not: {not_sub_policy: {name: n, type: always_sample}}}]}"""))
                .isEqualTo(new And(List.of(NamedPolicy.of("a", new AlwaysSample()),
                        NamedPolicy.of("not", new Not(NamedPolicy.of("n", new AlwaysSample()))))));
    }

    @Test
    void not() {
        assertThat(policy("type: not, not: {not_sub_policy: {name: n, type: always_sample}}"))
                .isEqualTo(new Not(NamedPolicy.of("n", new AlwaysSample())));
    }

    @Test
    void not_aroundAnd() {
        assertThat(policy("type: not, not: {not_sub_policy: {name: n, type: and, "
                + "and: {and_sub_policy: [{name: a, type: always_sample}]}}}"))
                .isEqualTo(new Not(NamedPolicy.of("n", new And(List.of(NamedPolicy.of("a", new AlwaysSample()))))));
    }

    @Test
    void drop() {
        assertThat(policy("type: drop, drop: {drop_sub_policy: [{name: d, type: probabilistic, "
                + "probabilistic: {sampling_percentage: 50}}]}"))
                .isEqualTo(new Drop(List.of(NamedPolicy.of("d", new Probabilistic(Threshold.ofProbability(0.5))))));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "type: string_attribute, string_attribute: {key: k, values: [a], invert_match: %s}",
            "type: numeric_attribute, numeric_attribute: {key: k, min_value: 1, invert_match: %s}",
            "type: boolean_attribute, boolean_attribute: {key: k, value: true, invert_match: %s}"})
    void invertMatch_isNot(String fields) {
        SamplingPolicy policy = policy(fields.formatted("false"));

        assertThat(policy(fields.formatted("true"))).isEqualTo(new Not(NamedPolicy.of("p", policy)));
    }

    @Test
    void invertMatch_ofASubPolicy() {
        assertThat(policy("type: drop, drop: {drop_sub_policy: [{name: s, type: boolean_attribute, "
                + "boolean_attribute: {key: k, value: true, invert_match: true}}]}"))
                .isEqualTo(new Drop(List.of(NamedPolicy.of("s",
                        new Not(NamedPolicy.of("s", new BooleanAttribute(KEY, true)))))));
    }
}
