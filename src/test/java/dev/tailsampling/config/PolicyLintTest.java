package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files full of traps, with what is said of each; and files without any. */
class PolicyLintTest {

    private static final Path TRAPS = Path.of("src/test/resources/lint");

    private static List<LintFinding> lint(String... lines) {
        return PolicyLint.of(new PolicyFile("p.yaml", String.join("\n", lines)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "otel", "legacy", "first-match", "only-drops", "refinery"})
    void trapsAreFoundWhereTheyStand(String name) throws IOException {
        PolicyFile file = new PolicyFile(name + ".yaml", Files.readString(TRAPS.resolve(name + ".yaml")));

        String findings = PolicyLint.of(file).stream().map(LintFinding::toString)
                .collect(Collectors.joining("\n", "", "\n"));

        new GoldenFile(TRAPS.resolve(name + ".txt").toString()).assertIs(findings);
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples/policies"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void examplesAreClean(Path file) {
        assertThat(PolicyLint.of(PolicyFile.read(file))).isEmpty();
    }

    @Test
    void aPolicyThatGivesItsNameToDecisionsIsOfUse() {
        assertThat(lint("policies:", "  - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}",
                "  - {name: all, type: always_sample}")).isEmpty();
    }

    @Test
    void askingForBothNamesOfAnAttributeIsFine() {
        assertThat(lint("policies:",
                "  - {name: a, type: numeric_attribute, numeric_attribute: {key: http.status_code, min_value: 500}}",
                "  - name: b", "    type: match",
                "    match: {any_span: {span: [{key: http.response.status_code, op: gte, value: 500}]}}")).isEmpty();
    }

    @Test
    void whatAnAliasRepeatsIsFoundOnce() {
        assertThat(lint("policies:", "  - name: a", "    type: status_code",
                "    status_code: &codes {status_codes: [UNSET]}", "  - name: b", "    type: status_code",
                "    sampling_percentage: 10", "    status_code: *codes"))
                .extracting(LintFinding::code).containsExactlyInAnyOrder("status-unset", "redundant-policy");
    }

    @Test
    void anUnusableFileIsRefused() {
        assertThatThrownBy(() -> lint("policies: []")).isInstanceOf(PolicyException.class)
                .hasMessageContaining("p.yaml, line 1, column 11");
        assertThatThrownBy(() -> lint("RulesVersion: 2", "Samplers: none")).isInstanceOf(PolicyException.class)
                .hasMessageContaining("Samplers must hold a sampler");
    }
}
