package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailsampling.config.ComposeFile.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** docker-compose.yml and the files that it mounts fit together, and our settings in it are settings. */
class ComposeFileTest {

    /** Its image has no command that could look at it. */
    private static final Set<String> WITHOUT_HEALTH_CHECK = Set.of("otel-collector");

    private static ComposeFile compose;

    @BeforeAll
    static void read() throws IOException {
        compose = ComposeFile.read(Path.of("docker-compose.yml"));
    }

    static Stream<Service> services() throws IOException {
        return ComposeFile.read(Path.of("docker-compose.yml")).services().values().stream();
    }

    @ParameterizedTest
    @MethodSource("services")
    void imagesArePinned(Service service) {
        assertThat(service.isBuiltHere() || service.image().matches("[a-z0-9./-]+:[A-Za-z0-9._-]*\\d+[.-]\\d[\\w.-]*"))
                .as(service.name() + ": " + service.yaml().get("image")).isTrue();
    }

    @ParameterizedTest
    @MethodSource("services")
    void whatIsWaitedFor_canHappen(Service service) {
        service.dependencies().forEach((name, condition) -> {
            Service other = compose.service(name);
            boolean possible = switch (condition) {
                case "service_healthy" -> other.hasHealthCheck() && !other.endsByItself();
                case "service_completed_successfully" -> other.endsByItself();
                default -> false;
            };
            assertThat(possible).as(service.name() + " waits for " + name + ": " + condition).isTrue();
        });
    }

    /** A service of a profile would be started by those that need it, or be missing. */
    @ParameterizedTest
    @MethodSource("services")
    void nothingNeedsAProfile_butItsOwn(Service service) {
        assertThat(service.dependencies().keySet()).allMatch(
                name -> service.texts("profiles").containsAll(compose.service(name).texts("profiles")));
    }

    @Test
    void startOrder_hasNoCycle() {
        Set<String> started = new HashSet<>();
        for (int rounds = compose.services().size(); rounds > 0; rounds--) {
            compose.services().values().stream()
                    .filter(service -> started.containsAll(service.dependencies().keySet()))
                    .forEach(service -> started.add(service.name()));
        }
        assertThat(started).isEqualTo(compose.services().keySet());
    }

    @ParameterizedTest
    @MethodSource("services")
    void whatGoesOn_hasAHealthCheck(Service service) {
        assertThat(service.hasHealthCheck()).as(service.name())
                .isEqualTo(!service.endsByItself() && !WITHOUT_HEALTH_CHECK.contains(service.name()));
    }

    @ParameterizedTest
    @MethodSource("services")
    void portsArePublishedOnLoopback(Service service) {
        assertThat(service.texts("ports")).allMatch(port -> port.matches("127\\.0\\.0\\.1:\\d+:\\d+"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void mountedFilesExist(Service service) {
        assertThat(service.mounted()).allMatch(Files::exists);
    }

    @ParameterizedTest
    @MethodSource("services")
    void secrets_sayThatTheyAreForADemo(Service service) {
        service.environment().forEach((name, value) -> {
            if (name.matches("(?!.*(_ID|_URL)).*(PASSWORD|SECRET|_KEY|REDISCLI_AUTH).*")
                    && !name.contains("ACCESS_KEY")) {
                assertThat(value).as(service.name() + ": " + name).contains("demo");
            }
        });
    }

    @Test
    void everyPasswordMayBeOverridden_andTheExampleNamesEachVariable() throws IOException {
        List<String> named = Files.readAllLines(Path.of(".env.example")).stream()
                .filter(line -> line.matches("#[A-Z_]+=.*")).map(line -> line.substring(1, line.indexOf('='))).toList();

        assertThat(compose.defaults().keySet()).containsExactlyInAnyOrderElementsOf(named)
                .contains("POSTGRES_PASSWORD", "MINIO_ROOT_PASSWORD", "REDIS_PASSWORD", "TSS_DB_PASSWORD");
    }

    @Test
    void settingsOfTheSelector_areSettings() {
        Map<String, String> environment = compose.service("selector").environment();

        SelectorConfig config = new ConfigLoader(environment).load();

        assertThat(config.storage().iceberg().catalogUri()).isEqualTo("http://lakekeeper:8181/catalog");
        assertThat(config.storage().iceberg().warehouse()).isEqualTo(warehouse());
        assertThat(config.controlPlane().url()).isEqualTo("jdbc:postgresql://postgres:5432/tss");
        assertThat(config.redis().password())
                .isEqualTo(new Secret(compose.service("redis").environment().get("REDISCLI_AUTH")));
        assertThat(compose.service("redis").texts("command")).containsSequence("--requirepass",
                compose.service("redis").environment().get("REDISCLI_AUTH"));
        assertThat(compose.service("selector").texts("volumes"))
                .anyMatch(volume -> volume.contains(":" + config.sampling().policiesFile() + ":"));
    }

    private static String warehouse() {
        return compose.service("lakekeeper-bootstrap").environment().get("WAREHOUSE");
    }

    /** Docker kills what has not stopped by then. */
    @Test
    void selectorMayFinishItsCycle() {
        SelectorConfig config = new ConfigLoader(compose.service("selector").environment()).load();
        String grace = compose.service("selector").yaml().get("stop_grace_period").toString();

        assertThat(Long.parseLong(grace.replace("s", ""))).isGreaterThan(config.app().shutdownTimeout().toSeconds());
    }

    @Test
    void collectorWritesToTheTopic_thatBecomesTheTableOfTheSelector() throws IOException {
        SelectorConfig config = new ConfigLoader(compose.service("selector").environment()).load();
        JsonNode collector = new ObjectMapper().valueToTree(
                new Yaml().load(Files.readString(Path.of("otel-collector", "config.yaml"))));
        JsonNode kafka = collector.at("/exporters/kafka");
        List<String> topic = compose.service("automq-topic").texts("command");

        assertThat(kafka.at("/traces/topic").asText()).isEqualTo(config.storage().iceberg().tableName());
        assertThat(topic).contains("--topic=" + config.storage().iceberg().tableName(),
                "--config=automq.table.topic.enable=true",
                "--config=automq.table.topic.namespace=" + config.storage().iceberg().namespace(),
                "--config=automq.table.topic.convert.value.type=raw",
                "--config=automq.table.topic.transform.value.type=none");
        assertThat(kafka.at("/traces/encoding").asText()).isEqualTo("otlp_proto");
        assertThat(kafka.at("/partition_traces_by_id").asBoolean()).isTrue();
        assertThat(automq()).contains("advertised.listeners=PLAINTEXT://" + kafka.at("/brokers/0").asText(),
                "automq.table.topic.catalog.uri=" + config.storage().iceberg().catalogUri(),
                "automq.table.topic.catalog.warehouse=" + warehouse() + " ");
    }

    private static String automq() {
        return String.join("\n", compose.service("automq").texts("command"));
    }

    @Test
    void collectorsPipelines_nameWhatIsConfigured() throws IOException {
        JsonNode collector = new ObjectMapper().valueToTree(
                new Yaml().load(Files.readString(Path.of("otel-collector", "config.yaml"))));

        assertThat(collector.at("/service/pipelines")).isNotEmpty().allSatisfy(pipeline -> {
            for (String kind : List.of("receivers", "processors", "exporters")) {
                assertThat(pipeline.get(kind)).as(kind).isNotEmpty()
                        .allMatch(name -> collector.get(kind).has(name.asText()));
            }
        });
        assertThat(collector.at("/service/extensions"))
                .allMatch(name -> collector.get("extensions").has(name.asText()));
    }

    @Test
    void bucketsAreThoseThatAreUsed() {
        List<String> buckets = compose.service("minio-buckets").texts("command");

        assertThat(buckets).contains(compose.service("lakekeeper-bootstrap").environment().get("BUCKET"));
        assertThat(buckets).filteredOn(bucket -> bucket.startsWith("automq-")).hasSize(2)
                .allMatch(bucket -> automq().contains("@s3://" + bucket + "?"));
    }

    @ParameterizedTest
    @CsvSource({"lakekeeper-bootstrap, minio", "seaweedfs-bootstrap, seaweedfs"})
    void warehouse_isWhatLakekeeperTakes(String bootstrap, String store) throws IOException {
        Service service = compose.service(bootstrap);
        String file = service.texts("command").getFirst();
        String text = Files.readString(Path.of(file.substring(1)));
        for (Map.Entry<String, String> variable : service.environment().entrySet()) {
            text = text.replace("${" + variable.getKey() + "}", variable.getValue());
        }
        JsonNode body = new ObjectMapper().readTree(text);

        assertThat(text).doesNotContain("${");
        assertThat(names(body)).containsExactlyInAnyOrder("warehouse-name", "project-id", "storage-profile",
                "storage-credential", "delete-profile");
        assertThat(names(body.get("storage-profile"))).contains("type", "bucket", "region", "sts-enabled")
                .isSubsetOf("type", "bucket", "key-prefix", "endpoint", "region", "path-style-access", "flavor",
                        "sts-enabled", "sts-endpoint", "sts-role-arn", "remote-signing-enabled");
        assertThat(names(body.get("storage-credential"))).containsExactlyInAnyOrder("type", "credential-type",
                "access-key-id", "secret-access-key");
        assertThat(body.at("/delete-profile/type").asText()).isEqualTo("hard");
        assertThat(body.at("/storage-profile/endpoint").asText()).startsWith("http://" + store + ":");
        assertThat(new ObjectMapper().readTree(Path.of("lakekeeper", "bootstrap.json").toFile()))
                .isEqualTo(new ObjectMapper().readTree("{\"accept-terms-of-use\": true}"));
    }

    private static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    @Test
    void keysOfSeaweedFs_areThoseThatItKnows() throws IOException {
        JsonNode iam = new ObjectMapper().readTree(Path.of("seaweedfs", "iam.json").toFile());
        Map<String, String> environment = compose.service("seaweedfs-bootstrap").environment();
        JsonNode warehouse =
                new ObjectMapper().readTree(Path.of("lakekeeper", "warehouse-seaweedfs.json").toFile());

        assertThat(iam.at("/identities/0/credentials/0/accessKey").asText())
                .isEqualTo(environment.get("S3_ACCESS_KEY_ID"));
        assertThat(iam.at("/identities/0/credentials/0/secretKey").asText())
                .isEqualTo(environment.get("S3_SECRET_ACCESS_KEY"));
        assertThat(iam.at("/roles/0/roleArn")).isEqualTo(warehouse.at("/storage-profile/sts-role-arn"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lakekeeper/bootstrap", "minio/create-buckets", "postgres/create-databases.sh",
            "scripts/tss", "scripts/aot-cache", "scripts/java-home"})
    void shellScripts_areWellFormedAndExecutable(String script) {
        assertThatCode(() -> {
            Process shell = new ProcessBuilder("sh", "-n", script).inheritIO().start();
            assertThat(shell.waitFor()).isZero();
        }).doesNotThrowAnyException();
        assertThat(Path.of(script)).isExecutable();
    }
}
