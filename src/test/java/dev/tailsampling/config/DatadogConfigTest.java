package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatadogConfigTest {

    private static DatadogConfig load(String yaml) {
        return new ConfigLoader(Map.of()).parse(yaml, "c.yaml").datadog();
    }

    @Test
    void standardIsTheFirstSiteWithoutAKey() {
        DatadogConfig config = load("");

        assertThat(config.apiEndpoint()).isEqualTo("https://api.datadoghq.com");
        assertThat(config.traceEndpoint()).isNull();
        assertThat(config.agentOtlpEndpoint()).isNull();
        assertThat(config.apiKey()).isNull();
        assertThat(config.obfuscateSql()).isTrue();
        assertThat(config.batchSize()).isEqualTo(100);
    }

    @Test
    void everyKeyCanBeGiven() {
        DatadogConfig config = load("""
                datadog:
                  api_endpoint: https://api.datadoghq.eu
                  trace_endpoint: http://proxy:8080/api/v0.2/traces
                  agent_otlp_endpoint: http://agent:4318
                  api_key: s3cret
                  env: prod
                  hostname: host-1
                  obfuscate_sql: false
                  batch_enabled: false
                  max_retries: 7
                  retry_initial_delay_ms: 250
                  request_timeout_secs: 12
                """);

        assertThat(config.traceEndpoint()).isEqualTo("http://proxy:8080/api/v0.2/traces");
        assertThat(config.agentOtlpEndpoint()).isEqualTo("http://agent:4318");
        assertThat(config.env()).isEqualTo("prod");
        assertThat(config.hostname()).isEqualTo("host-1");
        assertThat(config.obfuscateSql()).isFalse();
        assertThat(config.batchEnabled()).isFalse();
        assertThat(config.maxRetries()).isEqualTo(7);
        assertThat(config.retryInitialDelay()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(12));
        assertThat(config.toString()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api_endpoint", "trace_endpoint", "agent_otlp_endpoint"})
    void endpointsAreUrls(String key) {
        assertThatThrownBy(() -> load("datadog: {" + key + ": \"agent:4318\"}")).isInstanceOf(ConfigException.class)
                .hasMessageContaining("datadog." + key + " must begin with http:// or https://");
    }
}
