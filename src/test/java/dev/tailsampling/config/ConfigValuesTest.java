package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What values keys take. */
class ConfigValuesTest {

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    kafka: {consumer_threads: four}         | 27 \
                        | kafka.consumer_threads must be a whole number, not "four"
                    kafka: {consumer_threads: 1.5}          | 27 \
                        | kafka.consumer_threads must be a whole number, not "1.5"
                    kafka: {consumer_threads: 0}            | 27 | kafka.consumer_threads must be from 1 to 1024, not 0
                    redis: {db: 3000000000}                 | 13 \
                        | redis.db must be from -2147483648 to 2147483647, not 3000000000
                    kafka: {consumer_threads: [1]}          | 27 \
                        | kafka.consumer_threads must be a single value, not a list
                    kafka: {enable_auto_commit: yes}        | 29 \
                        | kafka.enable_auto_commit must be true or false, not "yes"
                    sampling: {error_sample_rate: 1.01}     | 31 \
                        | sampling.error_sample_rate must be from 0 to 1, not 1.01
                    sampling: {error_sample_rate: all}      | 31 \
                        | sampling.error_sample_rate must be a number, not "all"
                    app: {shutdown_timeout_secs: 10s}       | 30 | app.shutdown_timeout_secs must be a number, not "10s"
                    app: {shutdown_timeout_secs: -1}        | 30 | app.shutdown_timeout_secs must be at least 0, not -1
                    app: {shutdown_timeout_secs: 99999999999} | 30 \
                        | app.shutdown_timeout_secs must not be longer than a century
                    kafka: {auto_offset_reset: newest}      | 28 \
                        | kafka.auto_offset_reset must be one of latest, earliest, none, not "newest"
                    kafka: {brokers: ''}                    | 18 | kafka.brokers must not be empty
                    kafka: {brokers: {a: b}}                | 18 | kafka.brokers must be a single value, not a map
                    redis: {cluster_nodes: {a: b}}          | 24 \
                        | redis.cluster_nodes must be a list of texts, not a map
                    redis: {cluster_nodes: [[a]]}           | 25 \
                        | redis.cluster_nodes must be a list of texts, not a list
                    export: {otlp_http: {headers: [a]}}     | 31 \
                        | export.otlp_http.headers must be a map of secret texts, not a list
                    export: {otlp_http: {headers: s3cret}}  | 31 \
                        | export.otlp_http.headers must be key=value pairs with commas between them, each key once
                    kafka: brokers                          | 8  | kafka must hold keys with values, not "brokers"
                    """)
    void wrongValue_isRefusedWithItsPlace(String yaml, int column, String problem) {
        assertRefused(yaml, "c.yaml, line 1, column " + column + ": " + problem.replaceAll(" +", " "));
    }

    @Test
    void wrongVariable_isRefused() {
        assertRefused(Map.of("TSS_OBSERVABILITY_METRICS_PORT", "70000"), "environment variable "
                + "TSS_OBSERVABILITY_METRICS_PORT: observability.metrics_port must be from 0 to 65535, not 70000");
    }

    @Test
    void recordsRefuseValuesThatMakeNoSense() {
        assertRefused("app: {inactivity_timeout_secs: 0}",
                "c.yaml, line 1, column 32: app.inactivity_timeout_secs must be at least 0.001");
        assertRefused("export: {otlp_http: {endpoint: 'ftp://user:s3cret@host'}}",
                "c.yaml, line 1, column 32: export.otlp_http.endpoint must begin with http:// or https://");
        assertRefused("sampling: {latency_threshold_ms: 0.5}",
                "c.yaml, line 1, column 34: sampling.latency_threshold_ms must be a whole number");
    }

    @Test
    void numbersMayHaveUnderscoresFractionsAndExponents() {
        SelectorConfig config = load("app: {max_buffer_spans: 1_000_000, evaluation_interval_secs: 0.25}\n"
                + "sampling: {error_sample_rate: 1e-5}");

        assertThat(config.app().maxBufferSpans()).isEqualTo(1_000_000);
        assertThat(config.app().evaluationInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.sampling().errorSampleRate()).isEqualTo(0.00001);
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

    @Test
    void collectionsCannotBeChanged() {
        SelectorConfig config = load("redis: {cluster_nodes: [a]}");

        assertThat(List.of(config.redis().clusterNodes(), config.storage().iceberg().properties(),
                config.export().otlpHttp().headers())).allSatisfy(
                        collection -> assertThat(
                                collection.getClass().getName()).containsAnyOf("Unmodifiable", "ImmutableCollections"));
    }
}
