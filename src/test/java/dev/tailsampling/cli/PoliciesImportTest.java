package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tss policies import}. */
class PoliciesImportTest {

    @TempDir
    private Path folder;

    private Tss tss;

    @BeforeEach
    void start() {
        tss = new Tss(folder.resolve("home"));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void refinerysRulesBecomePolicies() throws IOException {
        Path rules = file("rules.yaml", """
                RulesVersion: 2
                Samplers:
                  __default__: {DeterministicSampler: {SampleRate: 1}}
                  prod:
                    RulesBasedSampler:
                      Rules:
                        - Name: errors
                          SampleRate: 2
                          Conditions: [{Field: http.status_code, Operator: '>=', Value: 500, Datatype: int}]
                """);

        Tss.Result result = tss.run("policies", "import", "--from", "refinery", "--environment", "prod",
                rules.toString()).ok();

        assertThat(result.out()).startsWith("# Made by tss policies import --from refinery of rules.yaml, version ")
                .endsWith("""
                        .
                        combine: first_match
                        default: keep
                        policies:
                        - name: errors
                          type: match
                          match:
                            any_span:
                            - item:
                              - {key: http.status_code, op: '>=', datatype: int, value: 500}
                          sample_rate: 2
                        """);
        assertThat(result.err().lines()).hasSize(5).allMatch(line -> line.startsWith("difference: "))
                .anyMatch(line -> line.contains("line 8, column 23: one in SampleRate is picked by"))
                .anyMatch(line -> line.contains("whatever SendDelay, TraceTimeout and SpanLimit say"));
    }

    @Test
    void aCollectorsPoliciesKeepTheirMeaning() throws IOException {
        Path collector = file("collector.yaml", """
                processors:
                  tail_sampling:
                    decision_wait: 10s
                    policies:
                      - {name: slow, type: latency, latency: {threshold_ms: 5}}
                """);
        Path output = folder.resolve("policies.yaml");

        Tss.Result result = tss.run("policies", "import", "--from", "otel", "--output", output.toString(),
                collector.toString()).ok();

        assertThat(result.out()).isEmpty();
        assertThat(Files.readString(output).lines().skip(1)).containsExactly("compat: otel", "policies:",
                "- name: slow",
                "  type: latency", "  latency: {threshold_ms: 5}");
        assertThat(result.err()).startsWith("difference: decision_wait is not used");
    }

    @Test
    void whatCannotBeReadOrWrittenIsSaid() throws IOException {
        Path rules = file("rules.yaml", "RulesVersion: 1\n");
        Path good = file("p.yaml", "policies: [{name: a, type: always_sample}]");

        assertThat(tss.run("policies", "import", "--from", "refinery", rules.toString()).err())
                .isEqualTo("error: " + rules + ", line 1, column 15: rules file: RulesVersion must be 2, not 1\n");
        assertThat(tss.run("policies", "import", "--from", "otel", "--environment", "x", good.toString()).err())
                .isEqualTo("error: --environment is for Refinery's rules files\n");
        assertThat(tss.run("policies", "import", "--from", "otel", "--output", folder.toString(), good.toString())
                .exitCode())
                .isEqualTo(ExitCode.FAILED);
        assertThat(tss.run("policies").exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
