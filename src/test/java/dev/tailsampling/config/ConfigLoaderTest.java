package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tailsampling.config.StorageConfig.StorageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

    private static SelectorConfig load(String yaml) {
        return new ConfigLoader(Map.of()).parse(yaml, "c.yaml");
    }

    private static SelectorConfig load(String yaml, Map<String, String> environment) {
        return new ConfigLoader(environment).parse(yaml, "c.yaml");
    }

    private static void assertRefused(String yaml, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> load(yaml)).withMessage(message);
    }

    private static void assertRefused(Map<String, String> environment, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> load("", environment)).withMessage(message);
    }

    @Nested
    class Reading {

        @TempDir
        Path folder;

        @Test
        void fileIsRead() throws IOException {
            Path file = Files.writeString(folder.resolve("c.yaml"), "kafka: {brokers: 'kafka:29092'}");

            assertThat(new ConfigLoader(Map.of()).load(file).kafka().brokers()).isEqualTo("kafka:29092");
        }

        @Test
        void missingFile_isNamed() {
            Path file = folder.resolve("none.yaml");

            assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new ConfigLoader(Map.of()).load(file))
                    .withMessage(file + ": there is no such file");
        }

        @Test
        void otherEncoding_isRefused() throws IOException {
            Path file =
                    Files.write(folder.resolve("c.yaml"), "kafka: {brokers: ä}".getBytes(StandardCharsets.ISO_8859_1));

            assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new ConfigLoader(Map.of()).load(file))
                    .withMessage(file + ": not UTF-8 text");
        }

        @Test
        void byteOrderMark_isPassedOver() {
            assertThat(load("\uFEFFkafka: {brokers: x}").kafka().brokers()).isEqualTo("x");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "# nothing\n", "---\n", "null", "kafka:\n", "kafka: ~", "kafka: {}",
                "kafka:\n  brokers:\n"})
        void fileThatSaysNothing_leavesTheDefaults(String yaml) {
            assertThat(load(yaml)).isEqualTo(SelectorConfig.defaults());
        }
    }

    @Nested
    class Layers {

        @Test
        void variableOverridesFile_fileOverridesDefault() {
            SelectorConfig config = load("kafka: {brokers: file, input_topic: file}",
                    Map.of("TSS_KAFKA_BROKERS", "variable"));

            assertThat(config.kafka().brokers()).isEqualTo("variable");
            assertThat(config.kafka().inputTopic()).isEqualTo("file");
            assertThat(config.kafka().consumerGroup()).isEqualTo("tail-sampling-selector");
        }

        @Test
        void emptyVariable_countsAsNotSet() {
            assertThat(load("redis: {url: file}", Map.of("TSS_REDIS_URL", " ")).redis().url()).isEqualTo("file");
        }

        @Test
        void emptyTextInTheFile_unsetsAnOptionalKey() {
            assertThat(load("storage: {iceberg: {warehouse: ''}}").storage().iceberg().warehouse()).isNull();
        }

        @Test
        void variableReplacesAWholeMap() {
            SelectorConfig config = load("storage: {iceberg: {properties: {a: 1, b: 2}}}",
                    Map.of("TSS_STORAGE_ICEBERG_PROPERTIES", "c=x=y, d = 4"));

            assertThat(config.storage().iceberg().properties()).isEqualTo(Map.of("c", "x=y", "d", "4"));
        }

        @Test
        void variablesOfOthers_areIgnored() {
            SelectorConfig config =
                    load("", Map.of("PATH", "/bin", "TSS", "x", "tss_kafka_brokers", "x", "TSS_HOME", "x",
                            "TSS_CONFIG", "x", "TSS_JAVA_OPTS", "x", "TSS_JAVA_HOME", "x", "TSS_ENVIRONMENT", "x"));

            assertThat(config).isEqualTo(SelectorConfig.defaults());
        }

        /** A pod of a service named tss, tss-redis… would not start otherwise. */
        @Test
        void variablesOfKubernetes_areIgnored() {
            SelectorConfig config = load("", Map.of("TSS_SERVICE_HOST", "10.0.0.1", "TSS_SERVICE_PORT", "8080",
                    "TSS_SERVICE_PORT_HTTP", "8080", "TSS_PORT", "tcp://10.0.0.1:8080", "TSS_PORT_8080_TCP", "tcp://x",
                    "TSS_PORT_8080_TCP_PROTO", "tcp", "TSS_REDIS_PORT_6379_TCP_ADDR", "10.0.0.2", "TSS_REDIS_PORT",
                    "x"));

            assertThat(config).isEqualTo(SelectorConfig.defaults());
        }

        @Test
        void oldNameAndNewName_mayAgree() {
            SelectorConfig config =
                    load("app: {inactivity_timeout_secs: 90}\nstorage: {iceberg: {inactivity_threshold_ms: 90000}}");

            assertThat(config.app().inactivityTimeout()).isEqualTo(Duration.ofSeconds(90));
        }

        @Test
        void oldNameInTheFile_isOverriddenByTheNewNamesVariable() {
            SelectorConfig config = load("storage: {iceberg: {inactivity_threshold_ms: 90000}}",
                    Map.of("TSS_APP_INACTIVITY_TIMEOUT_SECS", "10"));

            assertThat(config.app().inactivityTimeout()).isEqualTo(Duration.ofSeconds(10));
        }

        @Test
        void contradiction_isRefused() {
            assertRefused("app:\n  inactivity_timeout_secs: 90\nstorage: {iceberg: {inactivity_threshold_ms: 60000}}",
                    "c.yaml, line 3, column 46: storage.iceberg.inactivity_threshold_ms contradicts c.yaml, line 2, "
                            + "column 28, which gives the same setting another value; keep one of them");
            assertRefused(Map.of("TSS_KAFKA_BROKERS", "a", "TSS__KAFKA__BROKERS", "b"),
                    "environment variable TSS__KAFKA__BROKERS: kafka.brokers contradicts environment variable "
                            + "TSS_KAFKA_BROKERS, which gives the same setting another value; keep one of them");
        }
    }

    @Nested
    class Unknown {

        @Test
        void unknownKey_getsTheNearest() {
            assertRefused("kafka:\n  topic: x\n  broker: y",
                    "c.yaml, line 2, column 3: unknown key kafka.topic; did you mean kafka.input_topic?");
            assertRefused("kafka: {broker: y}",
                    "c.yaml, line 1, column 9: unknown key kafka.broker; did you mean kafka.brokers?");
            assertRefused("kafak: {brokers: y}", "c.yaml, line 1, column 1: unknown key kafak; did you mean kafka?");
            assertRefused("catalog_uri: y",
                    "c.yaml, line 1, column 1: unknown key catalog_uri; did you mean storage.iceberg.catalog_uri?");
            assertRefused("polices: []", "c.yaml, line 1, column 1: unknown key polices; did you mean policies?");
            assertRefused("zzz: 1", "c.yaml, line 1, column 1: unknown key zzz");
        }

        @Test
        void unknownVariable_getsTheNearest() {
            assertRefused(Map.of("TSS_KAFKA_BROKER", "x"),
                    "environment variable TSS_KAFKA_BROKER is not a setting; did you mean TSS_KAFKA_BROKERS?");
        }
    }

    @Nested
    class Values {

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`',
                textBlock = """
                        kafka: {consumer_threads: four}         | 27 | kafka.consumer_threads must be a whole number, not "four"
                        kafka: {consumer_threads: 1.5}          | 27 | kafka.consumer_threads must be a whole number, not "1.5"
                        kafka: {consumer_threads: 0}            | 27 | kafka.consumer_threads must be from 1 to 1024, not 0
                        redis: {db: 3000000000}                 | 13 | redis.db must be from -2147483648 to 2147483647, not 3000000000
                        kafka: {consumer_threads: [1]}          | 27 | kafka.consumer_threads must be a single value, not a list
                        kafka: {enable_auto_commit: yes}        | 29 | kafka.enable_auto_commit must be true or false, not "yes"
                        sampling: {error_sample_rate: 1.01}     | 31 | sampling.error_sample_rate must be from 0 to 1, not 1.01
                        sampling: {error_sample_rate: all}      | 31 | sampling.error_sample_rate must be a number, not "all"
                        app: {shutdown_timeout_secs: 10s}       | 30 | app.shutdown_timeout_secs must be a number, not "10s"
                        app: {shutdown_timeout_secs: -1}        | 30 | app.shutdown_timeout_secs must be at least 0, not -1
                        app: {shutdown_timeout_secs: 99999999999} | 30 | app.shutdown_timeout_secs must not be longer than a century
                        kafka: {auto_offset_reset: newest}      | 28 | kafka.auto_offset_reset must be one of latest, earliest, none, not "newest"
                        kafka: {brokers: ''}                    | 18 | kafka.brokers must not be empty
                        kafka: {brokers: {a: b}}                | 18 | kafka.brokers must be a single value, not a map
                        redis: {cluster_nodes: {a: b}}          | 24 | redis.cluster_nodes must be a list of texts, not a map
                        redis: {cluster_nodes: [[a]]}           | 25 | redis.cluster_nodes must be a list of texts, not a list
                        export: {otlp_http: {headers: [a]}}     | 31 | export.otlp_http.headers must be a map of texts, not a list
                        export: {otlp_http: {headers: s3cret}}  | 31 | export.otlp_http.headers must be key=value pairs with commas between them, each key once
                        kafka: brokers                          | 8  | kafka must hold keys with values, not "brokers"
                        """)
        void wrongValue_isRefusedWithItsPlace(String yaml, int column, String problem) {
            assertRefused(yaml, "c.yaml, line 1, column " + column + ": " + problem);
        }

        @Test
        void wrongVariable_isRefused() {
            assertRefused(Map.of("TSS_OBSERVABILITY_METRICS_PORT", "70000"), "environment variable "
                    + "TSS_OBSERVABILITY_METRICS_PORT: observability.metrics_port must be from 0 to 65535, not 70000");
        }

        @Test
        void recordsRefuseValuesThatDoNotGoTogether() {
            assertRefused("app:\n  max_trace_duration_secs: 30", "c.yaml, line 2, column 28: "
                    + "app.max_trace_duration_secs (30000 ms) must not be less than "
                    + "app.inactivity_timeout_secs (60000 ms)");
            assertRefused("app: {inactivity_timeout_secs: 0}",
                    "c.yaml, line 1, column 32: app.inactivity_timeout_secs must be at least 0.001");
            assertRefused("export: {otlp_http: {endpoint: 'ftp://user:s3cret@host'}}",
                    "c.yaml, line 1, column 32: export.otlp_http.endpoint must begin with http:// or https://");
            assertRefused("sampling: {latency_threshold_ms: 0.5}",
                    "c.yaml, line 1, column 34: sampling.latency_threshold_ms must be a whole number");
        }

        @Test
        void numbersMayHaveUnderscoresAndFractions() {
            SelectorConfig config = load("app: {max_buffer_spans: 1_000_000, evaluation_interval_secs: 0.25}");

            assertThat(config.app().maxBufferSpans()).isEqualTo(1_000_000);
            assertThat(config.app().evaluationInterval()).isEqualTo(Duration.ofMillis(250));
        }

        @Test
        void quotedNumber_isANumber() {
            assertThat(load("observability: {health_port: '8081'}").observability().healthPort()).isEqualTo(8081);
        }

        @Test
        void listMayBeWrittenWithCommas() {
            assertThat(load("redis: {cluster_nodes: 'a:1, b:2,'}").redis().clusterNodes()).containsExactly("a:1",
                    "b:2");
        }
    }

    @Nested
    class Policies {

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

        @Test
        void listIsShownAgain() {
            assertThat(load(LIST).masked()).endsWith("policies:\n- name: all\n  type: always_sample\n");
            assertThat(load(load(LIST).masked()).readPolicies().set()).isEqualTo(load(LIST).readPolicies().set());
        }
    }

    /** The configurations that the system's description shows. */
    @Nested
    class Described {

        @Test
        void quickStart() {
            SelectorConfig config = load("""
                    kafka:
                      brokers: "localhost:9092"
                      input_topic: "otel-traces-raw"
                      consumer_group: "tail-sampling-selector"

                    redis:
                      url: "redis://127.0.0.1/"
                      trace_ttl_secs: 30

                    datadog:
                      api_endpoint: "https://api.datadoghq.com"
                      api_key: "your-api-key"

                    sampling:
                      sample_errors: true
                      error_sample_rate: 1.0
                      sample_latency: true
                      latency_threshold_ms: 5000
                    """, Map.of("TSS_KAFKA_BROKERS", "kafka:29092", "TSS_REDIS_URL", "redis://redis:6379",
                    "TSS_DATADOG_API_KEY", "your-key"));

            assertThat(config.kafka().brokers()).isEqualTo("kafka:29092");
            assertThat(config.redis().url()).isEqualTo("redis://redis:6379");
            assertThat(config.datadog().apiKey()).isEqualTo(new Secret("your-key"));
            assertThat(config.warnings()).singleElement().asString()
                    .startsWith("redis.trace_ttl_secs (30) is less than");
        }

        @Test
        void iceberg() {
            SelectorConfig config = load("""
                    storage:
                      storage_type: "iceberg"
                      iceberg:
                        catalog_uri: "http://lakekeeper:8181/catalog"
                        warehouse: "s3://iceberg-warehouse/traces/"
                        namespace: "default"
                        table_name: "otel_traces"
                        s3_endpoint: "http://minio:9000"
                        s3_access_key_id: "admin"
                        s3_secret_access_key: "password"
                        s3_region: "us-east-1"
                        s3_path_style: true
                    """);

            assertThat(config.storage().storageType()).isEqualTo(StorageType.ICEBERG);
            assertThat(config.storage().iceberg().tableName()).isEqualTo("otel_traces");
            assertThat(config.storage().iceberg().s3SecretAccessKey()).isEqualTo(new Secret("password"));
        }

        @Test
        void longTraces() {
            SelectorConfig config = load("""
                    app:
                      # Increase from default 300s (5 min) to support hours-long traces
                      max_trace_duration_secs: 14400  # 4 hours
                      inactivity_timeout_secs: 300  # 5 minutes between spans
                      max_buffer_traces: 50000
                      max_buffer_spans: 50000000  # 50M spans total
                    redis:
                      trace_ttl_secs: 18000  # 5 hours > max_trace_duration
                    span_compression:
                      enabled: true
                      min_compression_count: 3
                    force_sampling:
                      enabled: true
                      poll_interval_secs: 5
                      use_pubsub: true
                      pubsub_channel: "tss:force_rules:updates"
                    """);

            assertThat(config.app().maxTraceDuration()).isEqualTo(Duration.ofHours(4));
            assertThat(config.warnings()).isEmpty();
        }

        @Test
        void olderProgramsDefaultFile() {
            SelectorConfig config = load("""
                    sampling:
                      always_sample_errors: false
                      error_sample_rate: 1.0
                    storage:
                      storage_type: "memory"
                      iceberg: {inactivity_threshold_ms: 30000, project_id: p}
                    """);

            assertThat(config.sampling().sampleErrors()).isFalse();
            assertThat(config.storage().storageType()).isEqualTo(StorageType.MEMORY);
            assertThat(config.app().inactivityTimeout()).isEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    void collectionsCannotBeChanged() {
        SelectorConfig config = load("redis: {cluster_nodes: [a]}");

        assertThat(List.of(config.redis().clusterNodes(), config.storage().iceberg().properties(),
                config.export().otlpHttp().headers())).allSatisfy(
                        collection -> assertThat(
                                collection.getClass().getName()).containsAnyOf("Unmodifiable", "ImmutableCollections"));
    }
}
