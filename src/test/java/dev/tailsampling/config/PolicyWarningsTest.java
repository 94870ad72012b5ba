package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the author of policies is told. */
class PolicyWarningsTest {

    private static ParsedPolicies parse(String yaml) {
        return new PolicyFile("p.yaml", yaml).parse();
    }

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

    /** The Collector takes such a list as well. */
    @ParameterizedTest
    @ValueSource(strings = {"string_attribute", "trace_state"})
    void emptyList(String type) {
        assertThat(warnings("type: " + type + ", " + type + ": {key: k, values: []}"))
                .containsExactly("policy 'p': values is empty, so the policy never matches");
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

        assertThat(byName).hasSize(10).containsEntry("decision_wait",
                "app.inactivity_timeout_secs and app.max_trace_duration_secs say when a trace is complete");
    }
}
