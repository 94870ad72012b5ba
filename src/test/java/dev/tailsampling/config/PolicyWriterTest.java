package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.NumberRange;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceNumber;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written is read as the same policies. */
class PolicyWriterTest {

    private static final int SETS = 300;

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenHasTheSameVersionWhenRead(Compat compat) {
        for (int seed = 0; seed < SETS; seed++) {
            PolicySet set = new RandomPolicies(seed, compat).set();
            try {
                String yaml = PolicyWriter.yaml(set);
                assertThat(new PolicyFile("p.yaml", yaml).parse().set().version()).as("seed %s: %s", seed, yaml)
                        .isEqualTo(set.version());
            } catch (PolicyException e) {
                throw new AssertionError("seed " + seed + ": " + set, e);
            }
        }
    }

    @Test
    void theFormIsShort() {
        String yaml = """
                combine: first_match
                default: keep
                policies:
                - name: slow errors
                  type: match
                  match:
                    trace:
                    - {key: duration_ms, op: gt, value: 1000}
                    any_span:
                    - span:
                      - {key: http.status_code, op: gte, value: 500}
                  sample_rate: 10
                - {name: rest, type: always_sample, sampling_percentage: 2.3}
                """;

        assertThat(PolicyWriter.yaml(new PolicyFile("p.yaml", yaml).parse().set())).isEqualTo(yaml);
    }

    @Test
    void whatNoFileCanSayIsRefused() {
        PolicySet set = new PolicySet(List.of(NamedPolicy.of("x", new SamplingPolicy.TraceNumberIn(
                TraceNumber.SPAN_COUNT, NumberRange.closed(BigDecimal.ONE, BigDecimal.TEN)))));

        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> PolicyWriter.yaml(set))
                .withMessage(
                        "these policies cannot be written as a policies file: the trace number SPAN_COUNT >= 1 and "
                                + "<= 10");
    }
}
