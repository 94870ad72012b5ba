package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** What operators read and deploy names settings and files that exist. */
class OperatorDocumentsTest {

    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

    @TempDir
    private static Path secrets;

    private static JsonNode deployment;

    @BeforeAll
    static void readManifest() throws IOException {
        deployment = new ObjectMapper().valueToTree(
                new Yaml().loadAll(Files.readString(Path.of("kubernetes", "selector.yaml"))).iterator().next());
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPERATIONS.md", "SECURITY.md", "AUTOMQ.md"})
    void settingsInDocuments_exist(String name) throws IOException {
        assertThat(matches(name, CODE).map(code -> code.group(1).replaceFirst("[:=].*", ""))
                .filter(OperatorDocumentsTest::isInOurSections)).isSubsetOf(SelectorConfig.KEYS.names());
    }

    private static boolean isInOurSections(String code) {
        return SelectorConfig.KEYS.sections().stream()
                .anyMatch(section -> code.matches(Pattern.quote(section) + "\\.[a-z_]+(\\.[a-z_]+)?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPERATIONS.md", "SECURITY.md", "AUTOMQ.md"})
    void linksLeadSomewhere(String name) throws IOException {
        assertThat(matches(name, LINK).map(link -> Path.of("docs", link.group(1)))).allMatch(Files::exists);
    }

    private static Stream<MatchResult> matches(String document, Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(Path.of("docs", document))).results();
    }

    @Test
    void variablesOfTheDeployment_areSettings() throws IOException {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode variable : container().get("env")) {
            String name = variable.get("name").asText();
            environment.put(name, value(name, variable));
        }

        SelectorConfig config = new ConfigLoader(environment).load();

        assertThat(config.app().instanceId()).isEqualTo("from the pod");
        assertThat(config.controlPlane().password()).isEqualTo(new Secret("name=value"));
        assertThat(config.redis().url()).isEqualTo("name=value");
        assertThat(config.admin().tokens()).containsOnlyKeys("name");
    }

    /** Files of secrets are read, so they have to be somewhere. */
    private static String value(String name, JsonNode variable) throws IOException {
        String value = variable.path("value").asText("from the pod");
        return name.endsWith("_FILE") && value.startsWith("/run/secrets/")
                ? Files.writeString(secrets.resolve(name), "name=value\n").toString()
                : value;
    }

    @Test
    void deployment_hasFewRights_andTimeToStop() {
        JsonNode pod = deployment.at("/spec/template/spec");

        assertThat(pod.get("terminationGracePeriodSeconds").asLong())
                .isGreaterThan(SelectorConfig.defaults().app().shutdownTimeout().toSeconds());
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(container().at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container().get("volumeMounts")).allMatch(mount -> Stream.of("/var/lib/tss", "/tmp")
                .anyMatch(mount.get("mountPath").asText()::equals) || mount.path("readOnly").asBoolean());
        assertThat(container().at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(container().at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        assertThat(container().at("/resources/limits/memory").asText()).isNotEmpty();
    }

    private static JsonNode container() {
        return deployment.at("/spec/template/spec/containers/0");
    }
}
