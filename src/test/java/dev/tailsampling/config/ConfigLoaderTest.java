package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where settings come from, and which one wins. */
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
                            "TSS_CONFIG", "x", "TSS_JAVA_OPTS", "x", "TSS_JAVA_HOME", "x", "TSS_AOT", "x",
                            "TSS_ENVIRONMENT", "x"));

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
            assertRefused("kafka:\n  input_topik: x\n  broker: y",
                    "c.yaml, line 2, column 3: unknown key kafka.input_topik; did you mean kafka.input_topic?");
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
}
