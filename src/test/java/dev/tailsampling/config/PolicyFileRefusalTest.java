package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies files that cannot be used: one sentence with the place, the policy and the field. */
class PolicyFileRefusalTest {

    private static void assertRefused(String yaml, String message) {
        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> new PolicyFile("p.yaml", yaml).parse())
                .withMessage(message);
    }

    /** Columns count from the beginning of the list's item. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    {type: latency}               | 1 | policy number 1: name is missing
                    {name: '', type: latency}     | 8 | policy number 1: name must not be empty
                    {name: 5, type: latency}      | 8 | policy number 1: name must be a text: write "5" in quotes
                    {name: x}                     | 1 | policy 'x': type is missing
                    {name: x, type: latencyy}     | 17 | policy 'x': unknown type latencyy; did you mean latency?
                    {name: x, type: Latency}      | 17 | policy 'x': unknown type Latency; did you mean latency?
                    {name: x, type: rate_limiting} | 1 | policy 'x': rate_limiting.spans_per_second is missing
                    {name: x, type: composite}    | 1 | policy 'x': composite.composite_sub_policy is missing
                    {name: x, type: extension}    | 17 | policy 'x': type extension runs code of the Collector, which cannot be done here; say what it does by a match policy
                    {name: x, type: latency, latncy: {}} | 26 | policy 'x': unknown field latncy; did you mean latency?
                    {name: x, type: latency, latency: 5} | 35 | policy 'x': latency must hold fields, not "5"
                    {name: x, type: latency}      | 1 | policy 'x': latency.threshold_ms is missing
                    {name: x, type: latency, latency: {threshold_ms: 5s}} | 50 \
                        | policy 'x': latency.threshold_ms must be a number, not "5s"
                    {name: x, type: latency, latency: {threshold_ms: '5'}} | 50 \
                        | policy 'x': latency.threshold_ms must be a number, not "5"
                    {name: x, type: latency, latency: {threshold_ms: '${env:MS}'}} | 50 \
                        | policy 'x': latency.threshold_ms must be a number, not "${env:MS}"; variables are not \
                          replaced in policies
                    {name: x, type: latency, latency: {threshold_ms: 1.5}} | 50 \
                        | policy 'x': latency.threshold_ms must be a whole number of at most 64 bits, not 1.5
                    {name: x, type: latency, latency: {threshold_ms: 9223372036854775808}} | 50 \
                        | policy 'x': latency.threshold_ms must be a whole number of at most 64 bits, not \
                          9223372036854775808
                    {name: x, type: latency, latency: {threshold_ms: -1}} | 35 \
                        | policy 'x': latency: threshold_ms must not be negative: -1
                    {name: x, type: latency, latency: {threshold_ms: 5, upper_threshold_ms: 5}} | 35 \
                        | policy 'x': latency: upper_threshold_ms (5) must be greater than threshold_ms (5)
                    {name: x, type: latency, latency: {threshold_ms: 5, upper_threshold: 9}} | 53 \
                        | policy 'x': unknown field latency.upper_threshold; did you mean latency.upper_threshold_ms?
                    {name: x, type: status_code, status_code: {status_codes: []}} | 58 \
                        | policy 'x': status_code.status_codes must not be empty
                    {name: x, type: status_code, status_code: {status_codes: ERROR}} | 58 \
                        | policy 'x': status_code.status_codes must be a list, not "ERROR"
                    {name: x, type: status_code, status_code: {status_codes: [ERR]}} | 59 \
                        | policy 'x': status_code.status_codes must be of UNSET, OK, ERROR, not "ERR"
                    {name: x, type: string_attribute, string_attribute: {values: [a]}} | 53 \
                        | policy 'x': string_attribute.key is missing
                    {name: x, type: string_attribute, string_attribute: {key: k}} | 53 \
                        | policy 'x': string_attribute.values is missing
                    {name: x, type: string_attribute, string_attribute: {key: k, values: [500]}} | 71 \
                        | policy 'x': string_attribute.values must be a text: write "500" in quotes
                    {name: x, type: string_attribute, string_attribute: {key: k, values: [[a]]}} | 71 \
                        | policy 'x': string_attribute.values must be a text, not a list
                    {name: x, type: string_attribute, string_attribute: {key: k, values: ['*a'], \
                          enabled_regex_matching: true}} | 53 \
                        | policy 'x': string_attribute: not a regular expression: "*a" (missing argument to \
                          repetition operator)
                    {name: x, type: string_attribute, string_attribute: {key: k, values: [''], \
                          enabled_regex_matching: true}} | 53 \
                        | policy 'x': string_attribute: an empty regular expression would match every text
                    {name: x, type: string_attribute, string_attribute: {key: k, values: [a], invert_match: 'yes'}} | \
                          89 \
                        | policy 'x': string_attribute.invert_match must be true or false, not "yes"
                    {name: x, type: string_attribute, string_attribute: {key: k, values: [a], regex: true}} | 75 \
                        | policy 'x': unknown field string_attribute.regex; did you mean \
                          string_attribute.enabled_regex_matching?
                    {name: x, type: numeric_attribute, numeric_attribute: {key: k}} | 55 \
                        | policy 'x': numeric_attribute: min_value or max_value must be set
                    {name: x, type: numeric_attribute, numeric_attribute: {key: k, min_value: null}} | 55 \
                        | policy 'x': numeric_attribute: min_value or max_value must be set
                    {name: x, type: numeric_attribute, numeric_attribute: {key: k, min_value: 2, max_value: 1}} | 55 \
                        | policy 'x': numeric_attribute: min_value (2) must not be greater than max_value (1)
                    {name: x, type: numeric_attribute, numeric_attribute: {key: k, min_value: 1e999999999}} | 75 \
                        | policy 'x': numeric_attribute.min_value must be a number, not "1e999999999"
                    {name: x, type: numeric_attribute, numeric_attribute: {key: k, min_value: .nan}} | 75 \
                        | policy 'x': numeric_attribute.min_value must be a number, not ".nan"
                    {name: x, type: boolean_attribute, boolean_attribute: {key: k}} | 55 \
                        | policy 'x': boolean_attribute.value is missing
                    {name: x, type: boolean_attribute, boolean_attribute: {key: k, value: 1}} | 71 \
                        | policy 'x': boolean_attribute.value must be true or false, not "1"
                    {name: x, type: probabilistic, probabilistic: {}} | 47 \
                        | policy 'x': probabilistic.sampling_percentage is missing
                    {name: x, type: probabilistic, probabilistic: {sampling_percentage: 10%}} | 69 \
                        | policy 'x': probabilistic.sampling_percentage must be a number, not "10%"
                    {name: x, type: span_count, span_count: {}} | 41 \
                        | policy 'x': span_count.min_spans or span_count.max_spans must be set
                    {name: x, type: span_count, span_count: {min_spans: 5, max_spans: 4}} | 41 \
                        | policy 'x': span_count: max_spans (4) must not be less than min_spans (5)
                    {name: x, type: span_count, span_count: {min_spans: -5}} | 41 \
                        | policy 'x': span_count: min_spans must not be negative: -5
                    {name: x, type: span_count, span_count: {min_spans: 3000000000}} | 53 \
                        | policy 'x': span_count.min_spans must be a whole number of at most 32 bits, not 3000000000
                    {name: x, type: and, and: {and_sub_policy: []}} | 44 \
                        | policy 'x': and.and_sub_policy must not be empty
                    {name: x, type: and} | 1 | policy 'x': and.and_sub_policy is missing
                    {name: x, type: and, and: {and_sub_policy: [a]}} | 45 \
                        | policy 'x': and_sub_policy must hold policies with fields, not "a"
                    {name: x, type: and, and: {and_sub_policy: [{name: y}]}} | 45 \
                        | policy 'x', sub-policy 'y': type is missing
                    {name: x, type: and, and: {and_sub_policy: [{}]}} | 45 | policy 'x': and_sub_policy.type is missing
                    {name: x, type: and, and: {and_sub_policy: [{name: y, type: latency}]}} | 45 \
                        | policy 'x', sub-policy 'y': latency.threshold_ms is missing
                    {name: x, type: and, and: {and_sub_policy: [{name: y, type: and}]}} | 61 \
                        | policy 'x', sub-policy 'y': type and cannot stand inside and
                    {name: x, type: and, and: {and_sub_policy: [{name: y, type: drop}]}} | 61 \
                        | policy 'x', sub-policy 'y': type drop cannot stand inside and
                    {name: x, type: and, and: {and_sub_policy: [{name: y, type: trace_state}]}} | 45 \
                        | policy 'x', sub-policy 'y': trace_state.key is missing
                    {name: x, type: drop, drop: {drop_sub_policy: [{name: y, type: drop}]}} | 64 \
                        | policy 'x', sub-policy 'y': type drop cannot stand inside drop
                    {name: x, type: drop, drop: {drop_sub_policy: [{name: y, type: and}]}} | 64 \
                        | policy 'x', sub-policy 'y': type and cannot stand inside drop
                    {name: x, type: not, not: {not_sub_policy: {name: y, type: not}}} | 60 \
                        | policy 'x', sub-policy 'y': type not cannot stand inside not
                    {name: x, type: not, not: {not_sub_policy: {name: y, type: drop}}} | 60 \
                        | policy 'x', sub-policy 'y': type drop cannot stand inside not
                    {name: x, type: not, not: {not_sub_policy: [{name: y}]}} | 44 \
                        | policy 'x': not_sub_policy must hold policies with fields, not a list
                    {name: x, type: not, not: {not_sub_policy: {name: y, type: probabilistic, probabilistic: \
                          {sampling_percentage: 5}}}} | 27 \
                        | policy 'x': not: not_sub_policy must not be probabilistic: use a probabilistic policy with \
                          100 minus its sampling_percentage instead
                    always_sample                 | 1 | policy number 1 must have fields, found "always_sample"
                    """)
    void unusablePolicy_isRefused(String policy, int column, String problem) {
        assertRefused("policies:\n- " + oneLine(policy),
                "p.yaml, line 2, column " + (column + 2) + ": " + oneLine(problem));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    policies: []            | p.yaml, line 1, column 11: policies must not be empty
                    policies: {name: x}     | p.yaml, line 1, column 11: policies must be a list, not a map
                    policies:               | p.yaml, line 1, column 10: policies must be a list, not nothing
                    polices: []             \
                        | p.yaml: no policies found; expected a policies list, a tail_sampling block, processors with \
                          one, a sampling block, or Refinery's Samplers
                    ``                      \
                        | p.yaml: no policies found; expected a policies list, a tail_sampling block, processors with \
                          one, a sampling block, or Refinery's Samplers
                    policies: []\\nsampling: | p.yaml: policies are in several places, keep one: policies, sampling
                    tail_sampling: {}\\ntail_sampling/x: {} \
                        | p.yaml: policies are in several places, keep one: tail_sampling, tail_sampling/x
                    policies: []\\ndecison_wait: 1s \
                        | p.yaml, line 2, column 1: unknown key decison_wait; did you mean decision_wait?
                    tail_sampling: {decision_wait: 1s} | p.yaml, line 1, column 16: the policies list is missing
                    tail_sampling: []       | p.yaml, line 1, column 16: tail_sampling must hold keys, not a list
                    tail_sampling: {policies: []}\\nbatch: | p.yaml, line 2, column 1: unknown key batch
                    processors: {batch: {}} | p.yaml, line 1, column 1: expected one tail_sampling processor, found none
                    processors: {tail_sampling: , tail_sampling/x: } \
                        | p.yaml, line 1, column 1: expected one tail_sampling processor, found tail_sampling, \
                          tail_sampling/x
                    sampling: {sample_error: true} \
                        | p.yaml, line 1, column 12: unknown key sampling.sample_error; did you mean \
                          sampling.sample_errors?
                    sampling: {error_sample_rate: 2} \
                        | p.yaml, line 1, column 31: sampling.error_sample_rate must be from 0 to 1, not 2
                    sampling: {policies_file: x} | p.yaml, line 1, column 11: a policies file cannot name another one
                    sampling:\\nkafak: {}    | p.yaml, line 2, column 1: unknown key kafak; did you mean kafka?
                    sampling: {sample_errors: false, sample_latency: false, sample_cardinality: false} \
                        | no policy is left: sampling.sample_errors, sampling.sample_latency and \
                          sampling.sample_cardinality are all false
                    policies: [             \
                        | p.yaml, line 1, column 12: not valid YAML: expected the node content, but found '<stream \
                          end>'
                    """)
    void unusableFile_isRefused(String yaml, String message) {
        assertRefused(oneLine(yaml).replace("\\n", "\n"), oneLine(message));
    }

    /** Undoes the wrapping of long rows. */
    private static String oneLine(String wrapped) {
        return wrapped.replaceAll(" +", " ");
    }

    @Test
    void secondPolicyOfOneName_isRefused() {
        assertRefused(
                "policies:\n- {name: x, type: always_sample}\n- {name: x, type: latency, latency: {threshold_ms: 1}}",
                "p.yaml, line 3, column 3: policy 'x': the policy at p.yaml, line 2, column 3 has the same name");
    }
}
