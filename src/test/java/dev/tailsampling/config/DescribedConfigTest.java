package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.StorageConfig.StorageType;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The configurations that the system's description shows. */
class DescribedConfigTest {

    private static SelectorConfig load(String yaml) {
        return new ConfigLoader(Map.of()).parse(yaml, "c.yaml");
    }

    private static SelectorConfig load(String yaml, Map<String, String> environment) {
        return new ConfigLoader(environment).parse(yaml, "c.yaml");
    }

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
        assertThat(config.warnings()).hasSize(2).last().asString().startsWith("kafka.brokers is set, but");
        assertThat(config.warnings()).first().asString().startsWith("redis.trace_ttl_secs (30) is less than");
    }

    @Test
    void aFixedWaitIsAllowedAndWarnedOf() {
        SelectorConfig config = load("app: {max_trace_duration_secs: 30}");

        assertThat(config.app().maxTraceDuration()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.warnings()).containsExactly("app.max_trace_duration_secs (30) is less than "
                + "app.inactivity_timeout_secs (60): traces that last longer are decided before they are quiet");
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
        assertThat(config.warnings()).isEmpty();
    }
}
