package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which policies a configuration asks for. */
class ConfiguredPoliciesTest {

    private static SelectorConfig load(String yaml) {
        return new ConfigLoader(Map.of()).parse(yaml, "c.yaml");
    }

    private static SelectorConfig load(String yaml, Map<String, String> environment) {
        return new ConfigLoader(environment).parse(yaml, "c.yaml");
    }

    private static void assertRefused(String yaml, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> load(yaml)).withMessage(message);
    }

    private static final String LIST = "policies: [{name: all, type: always_sample}]\n";

    @Test
    void switchesMakeTheSet() {
        assertThat(load("").readPolicies().set().policies()).extracting("name")
                .containsExactly("errors", "latency", "cardinality");
    }

    @Test
    void listReplacesTheSwitches() {
        assertThat(load(LIST).readPolicies().set().policies()).extracting("name").containsExactly("all");
        assertThat(load("sampling:\n  " + LIST).readPolicies().set().policies()).extracting("name")
                .containsExactly("all");
        assertThat(load(LIST).readPolicies().warnings()).isEmpty();
    }

    @Test
    void switchesBesideAList_areWarnedOf() {
        assertThat(load(LIST + "sampling: {latency_threshold_ms: 1}").readPolicies().warnings()).containsExactly(
                "the switches under sampling are not used, because the configuration has a policies list");
    }

    @Test
    void fileReplacesTheSwitches(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), LIST);

        SelectorConfig config = load("", Map.of("TSS_SAMPLING_POLICIES_FILE", file.toString()));

        assertThat(config.readPolicies().set().policies()).extracting("name").containsExactly("all");
    }

    @Test
    void missingPoliciesFile_isNamed() {
        SelectorConfig config = load("sampling: {policies_file: /none.yaml}");

        assertThatExceptionOfType(PolicyException.class).isThrownBy(config::readPolicies)
                .withMessage("/none.yaml: there is no such file");
    }

    @Test
    void listInTwoPlaces_isRefused() {
        assertRefused(LIST + "sampling:\n  " + LIST,
                "c.yaml, line 3, column 3: a policies list was given before, at c.yaml, line 1, column 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "",
            "sampling: {sample_errors: false, latency_sample_rate: 0.000000123, latency_threshold_ms: 7}",
            "policies: [{name: p, type: numeric_attribute, numeric_attribute: {key: k, min_value: 0.0000001}}]",
            "policies: [{name: p, type: numeric_attribute, numeric_attribute: {key: k, min_value: -0.5, max_value: 1e3}}]",
            "policies: [{name: 'yes', type: probabilistic, probabilistic: {sampling_percentage: 33.3, hash_salt: null}}]",
            "policies: [{name: p, type: string_attribute, string_attribute: {key: k, values: ['5', yes, 0x1F, \"a\\n'b\"]}}]",
            "policies: [&a {name: a, type: latency, latency: &l {threshold_ms: 5}}, {name: b, type: latency, latency: *l}]"})
    void policiesAsAFile_areTheSame(String yaml) {
        SelectorConfig config = load(yaml);

        assertThat(config.policyFile().parse().set().version()).isEqualTo(config.readPolicies().set().version());
        assertThat(load(config.masked()).readPolicies().set().version())
                .isEqualTo(config.readPolicies().set().version());
    }

    @Test
    void policiesFile_isItself(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), LIST);

        assertThat(load("sampling: {policies_file: " + file + "}").policyFile()).isEqualTo(PolicyFile.read(file));
    }

    @Test
    void listIsShownAgain() {
        assertThat(load(LIST).masked()).endsWith("policies:\n- name: all\n  type: always_sample\n");
        assertThat(load(load(LIST).masked()).readPolicies().set()).isEqualTo(load(LIST).readPolicies().set());
    }
}
