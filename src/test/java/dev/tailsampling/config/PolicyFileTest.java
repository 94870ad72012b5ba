package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.SamplingPolicy.AlwaysSample;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.SpanCount;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where in a file policies are found. */
class PolicyFileTest {

    private static ParsedPolicies parse(String yaml) {
        return new PolicyFile("p.yaml", yaml).parse();
    }

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
                                  {name: test-policy-2, type: latency, latency:
                                    {threshold_ms: 5000, upper_threshold_ms: 10000}},
                                  {name: test-policy-3, type: numeric_attribute,
                                   numeric_attribute: {key: key1, min_value: 50, max_value: 100}},
                                  {name: test-policy-4, type: probabilistic, probabilistic: {sampling_percentage: 10}},
                                  {name: test-policy-5, type: status_code, status_code: {status_codes: [ERROR, UNSET]}},
                                  {name: test-policy-6, type: string_attribute,
                                   string_attribute: {key: key2, values: [value1, value2]}},
                                  {name: test-policy-7, type: string_attribute, string_attribute:
                                    {key: key2, values: [value1, val*], enabled_regex_matching: true,
                                     cache_max_size: 10}},
                                  {name: test-policy-9, type: string_attribute, string_attribute:
                                    {key: url.path, values: [\\/health, \\/metrics],
                                     enabled_regex_matching: true, invert_match: true}},
                                  {name: test-policy-10, type: boolean_attribute,
                                   boolean_attribute: {key: key4, value: true}},
                                  {name: test-policy-11, type: span_count, span_count: {min_spans: 2, max_spans: 20}},
                                  {name: and-policy-1, type: and, and: {and_sub_policy: [
                                    {name: test-and-policy-1, type: numeric_attribute,
                                     numeric_attribute: {key: key1, min_value: 50, max_value: 100}},
                                    {name: test-and-policy-2, type: string_attribute,
                                     string_attribute: {key: key2, values: [value1, value2]}}]}},
                                  {name: drop-policy-1, type: drop, drop: {drop_sub_policy: [
                                    {name: test-drop-policy-1, type: string_attribute,
                                     string_attribute: {key: url.path, values: [\\/health, \\/metrics],
                                      enabled_regex_matching: true}}]}}
                              ]
                        """);

        assertThat(parsed.set().policies()).hasSize(12);
        assertThat(parsed.warnings()).extracting(warning -> warning.split(" ")[0]).containsExactly("decision_wait",
                "num_traces", "expected_new_traces_per_sec", "decision_cache", "policy");
    }
}
