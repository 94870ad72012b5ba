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
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What policies files mean. {@link PolicyFileRefusalTest} has those that mean nothing. */
class PolicyFileTest {

    private static ParsedPolicies parse(String yaml) {
        return new PolicyFile("p.yaml", yaml).parse();
    }

    /** The only policy of a list. */
    private static SamplingPolicy policy(String fields) {
        return parse("policies: [{name: p, " + fields + "}]").set().policies().getFirst().policy();
    }

    private static final AttributeKey KEY = AttributeKey.of("k");

    @Nested
    class Types {

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
                    .isEqualTo(new Probabilistic(Threshold.ofProbability(probability)));
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

    @Nested
    class Shapes {

        private static final String LIST = "policies: [{name: p, type: always_sample}]";

        @ParameterizedTest
        @ValueSource(strings = {
                LIST,
                "{\"policies\": [{\"name\": \"p\", \"type\": \"always_sample\"}]}",
                "tail_sampling: {" + LIST + "}",
                "tail_sampling/mine: {" + LIST + "}",
                "processors: {batch: {}, tail_sampling: {" + LIST + "}}",
                "receivers: {otlp: }\nprocessors: {tail_sampling/2: {" + LIST + "}}\nservice: {pipelines: {}}",
                "kafka: {brokers: x}\nsampling: {" + LIST + "}"})
        void listIsFound(String yaml) {
            assertThat(parse(yaml).set().policies()).containsExactly(NamedPolicy.of("p", new AlwaysSample()));
            assertThat(parse(yaml).warnings()).isEmpty();
        }

        @Test
        void switches() {
            assertThat(parse("sampling:").set().policies()).containsExactly(
                    NamedPolicy.of("errors", new StatusCodes(Set.of(StatusCode.ERROR))),
                    NamedPolicy.of("latency", new Latency(5000, Latency.NO_UPPER_BOUND)),
                    NamedPolicy.of("cardinality", new SpanCount(500, SpanCount.NO_LIMIT)));
        }

        @Test
        void switches_withRates() {
            assertThat(parse("""
                    redis: {url: x}
                    sampling:
                      sample_errors: false
                      sample_latency: true
                      latency_threshold_ms: 100
                      latency_sample_rate: 0.1
                      max_span_count: 7
                    """).set().policies()).containsExactly(
                    new NamedPolicy("latency", new Latency(100, Latency.NO_UPPER_BOUND), Threshold.ofProbability(0.1)),
                    NamedPolicy.of("cardinality", new SpanCount(7, SpanCount.NO_LIMIT)));
        }

        @Test
        void oldNameOfASwitch() {
            assertThat(parse("sampling: {always_sample_errors: false}").set().policies()).extracting("name")
                    .containsExactly("latency", "cardinality");
        }

        @Test
        void anchorsAndMergeKeys() {
            assertThat(parse("""
                    policies:
                      - &slow {name: slow, type: latency, latency: {threshold_ms: 5}}
                      - {<<: *slow, name: slower}
                    """).set().policies()).extracting("name").containsExactly("slow", "slower");
        }
    }

    /** The policies of the example in the Collector's README, as far as their types are supported. */
    @Test
    void collectorsExample() {
        ParsedPolicies parsed =
                parse("""
                        processors:
                          tail_sampling:
                            decision_wait: 10s
                            num_traces: 100
                            expected_new_traces_per_sec: 10
                            decision_cache:
                              sampled_cache_size: 100000
                              non_sampled_cache_size: 100000
                            sample_on_first_match: true
                            policies:
                              [
                                  {name: test-policy-1, type: always_sample},
                                  {name: test-policy-2, type: latency, latency: {threshold_ms: 5000, upper_threshold_ms: 10000}},
                                  {name: test-policy-3, type: numeric_attribute,
                                   numeric_attribute: {key: key1, min_value: 50, max_value: 100}},
                                  {name: test-policy-4, type: probabilistic, probabilistic: {sampling_percentage: 10}},
                                  {name: test-policy-5, type: status_code, status_code: {status_codes: [ERROR, UNSET]}},
                                  {name: test-policy-6, type: string_attribute,
                                   string_attribute: {key: key2, values: [value1, value2]}},
                                  {name: test-policy-7, type: string_attribute, string_attribute:
                                    {key: key2, values: [value1, val*], enabled_regex_matching: true, cache_max_size: 10}},
                                  {name: test-policy-9, type: string_attribute, string_attribute:
                                    {key: url.path, values: [\\/health, \\/metrics], enabled_regex_matching: true, invert_match: true}},
                                  {name: test-policy-10, type: boolean_attribute, boolean_attribute: {key: key4, value: true}},
                                  {name: test-policy-11, type: span_count, span_count: {min_spans: 2, max_spans: 20}},
                                  {name: and-policy-1, type: and, and: {and_sub_policy: [
                                    {name: test-and-policy-1, type: numeric_attribute,
                                     numeric_attribute: {key: key1, min_value: 50, max_value: 100}},
                                    {name: test-and-policy-2, type: string_attribute,
                                     string_attribute: {key: key2, values: [value1, value2]}}]}},
                                  {name: drop-policy-1, type: drop, drop: {drop_sub_policy: [
                                    {name: test-drop-policy-1, type: string_attribute,
                                     string_attribute: {key: url.path, values: [\\/health, \\/metrics], enabled_regex_matching: true}}]}}
                              ]
                        """);

        assertThat(parsed.set().policies()).hasSize(12);
        assertThat(parsed.warnings()).extracting(warning -> warning.split(" ")[0]).containsExactly("decision_wait",
                "num_traces", "expected_new_traces_per_sec", "decision_cache", "sample_on_first_match", "policy");
    }

    @Nested
    class Warnings {

        private static List<String> warnings(String fields) {
            return parse("policies: [{name: p, " + fields + "}]").warnings();
        }

        @Test
        void hashSalt() {
            assertThat(warnings("type: probabilistic, probabilistic: {sampling_percentage: 1, hash_salt: x}"))
                    .containsExactly("policy 'p': hash_salt is not used; the trace's own randomness decides, so that "
                            + "samplers before and after this one agree");
        }

        @Test
        void zeroBound() {
            assertThat(warnings("type: numeric_attribute, numeric_attribute: {key: k, min_value: 0}")).containsExactly(
                    "policy 'p': numeric_attribute.min_value 0 is a bound here; the Collector takes it for no bound");
        }

        @Test
        void emptyText() {
            assertThat(warnings("type: string_attribute, string_attribute: {key: k, values: ['']}")).containsExactly(
                    "policy 'p': the empty text among string_attribute.values matches empty attributes here; "
                            + "the Collector leaves it out");
        }

        @Test
        void invertMatchAtTheTop() {
            assertThat(
                    warnings("type: boolean_attribute, boolean_attribute: {key: k, value: true, invert_match: true}"))
                    .containsExactly(
                            "policy 'p': invert_match keeps every trace without a match; it does not keep other "
                                    + "policies from sampling, as it did in old Collectors: a drop policy does that");
        }

        @Test
        void blockOfAnotherType() {
            assertThat(warnings("type: always_sample, latency: {threshold_ms: 1}")).containsExactly(
                    "policy 'p': the block latency is not used, because the type is always_sample");
        }

        @Test
        void settingsOfTheCollector() {
            Map<String, String> byName = parse("""
                    tail_sampling:
                      decision_wait: 10s
                      decision_wait_after_root_received: 1s
                      num_traces: 1
                      block_on_overflow: true
                      expected_new_traces_per_sec: 1
                      num_shards: 2
                      sampling_strategy: span-ingest
                      sample_on_first_match: true
                      drop_pending_traces_on_shutdown: true
                      maximum_trace_size_bytes: 1
                      decision_cache: {sampled_cache_size: 1}
                      tail_storage: file_storage
                      policies: [{name: p, type: always_sample}]
                    """).warnings().stream()
                    .collect(Collectors.toMap(w -> w.split(" ")[0], w -> w.substring(w.indexOf(':') + 2)));

            assertThat(byName).hasSize(12).containsEntry("decision_wait",
                    "app.inactivity_timeout_secs and app.max_trace_duration_secs say when a trace is complete");
        }
    }
}
