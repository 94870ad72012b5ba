package dev.tailsampling.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys under {@code export}: where the spans of kept traces go. */
public record ExportConfig(
        @Section("file") FileExport file,
        @Section("otlp_http") OtlpHttp otlpHttp,
        @Section("otlp_grpc") OtlpGrpc otlpGrpc,
        @Section("iceberg") IcebergExport iceberg,
        @Section("kafka") KafkaExport kafka,
        @Setting(doc = "Which traces go to which destinations, the first that matches counts.",
                key = "routes") List<ExportRoute> routes,
        @Setting(doc = "Destinations of traces that no route matches; not set for all.",
                key = "default_to") List<String> defaultTo,
        @Setting(doc = "Size of the spans that wait for one destination at most.",
                key = "queue_bytes", standard = "67108864", min = 1, max = 1 << 30) int queueBytes,
        @Setting(doc = "Size of the spans that are held at once between the table and the destinations.",
                key = "max_bytes_in_flight", standard = "33554432", min = 1) long maxBytesInFlight) {

    /** Names of the destinations that there are, as routes use them. */
    static final Set<String> DESTINATIONS =
            Set.of("file", "otlp_http", "otlp_grpc", "datadog", "datadog_agent", "kafka", "iceberg");

    public ExportConfig {
        routes = List.copyOf(routes);
        defaultTo = List.copyOf(defaultTo);
        defaultTo.stream().filter(name -> !DESTINATIONS.contains(name)).findFirst().ifPresent(unknown -> {
            throw new IllegalArgumentException("export.default_to names " + unknown + ", which is no destination"
                    + new NearestName(DESTINATIONS).hint(unknown));
        });
    }

    @Override
    public String toString() {
        return EffectiveYaml.line(this);
    }

    /** How requests are compressed. */
    public enum Compression {
        /** What every receiver takes. */
        GZIP,
        /** Smaller and faster; not every receiver takes it. */
        ZSTD,
        /** Not at all. */
        NONE
    }

    /** Keys under {@code export.file}. */
    public record FileExport(
            @Setting(doc = "File to which kept traces are appended as OTLP/JSON lines.",
                    key = "path") @Nullable Path path) {}

    /** Keys under {@code export.otlp_http}. */
    public record OtlpHttp(
            @Setting(doc = "URL for OTLP over HTTP, such as http://collector:4318/v1/traces.",
                    key = "endpoint") @Nullable String endpoint,
            @Setting(doc = "Headers of each request, never shown.", key = "headers") Map<String, Secret> headers,
            @Setting(doc = "How long a request may take.",
                    key = "timeout_secs", standard = "10") Duration timeout,
            @Setting(doc = "Attempts for a request, the first included.",
                    key = "max_attempts", standard = "5", min = 1) int maxAttempts,
            @Setting(doc = "Size of a request at most, before compression; a larger trace goes alone.",
                    key = "max_batch_bytes", standard = "4194304", min = 1, max = 1 << 30) int maxBatchBytes,
            @Setting(doc = "Compression of requests; not every receiver takes zstd.",
                    key = "compression", standard = "gzip") Compression compression) {

        public OtlpHttp {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            requireUsable("export.otlp_http", endpoint, timeout);
        }

        @Override
        public String toString() {
            return EffectiveYaml.line(this);
        }
    }

    /** Keys under {@code export.otlp_grpc}. */
    public record OtlpGrpc(
            @Setting(doc = "Address for OTLP over gRPC, https://collector:4317 with TLS, http:// without.",
                    key = "endpoint") @Nullable String endpoint,
            @Setting(doc = "Metadata of each request, never shown.", key = "headers") Map<String, Secret> headers,
            @Setting(doc = "How long a request may take.",
                    key = "timeout_secs", standard = "10") Duration timeout,
            @Setting(doc = "Attempts for a request, the first included.",
                    key = "max_attempts", standard = "5", min = 1) int maxAttempts,
            @Setting(doc = "Size of a request at most, before compression; a larger trace goes alone.",
                    key = "max_batch_bytes", standard = "4194304", min = 1, max = 1 << 30) int maxBatchBytes,
            @Setting(doc = "Compression of requests; not every receiver takes zstd.",
                    key = "compression", standard = "gzip") Compression compression) {

        public OtlpGrpc {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            requireUsable("export.otlp_grpc", endpoint, timeout);
        }

        @Override
        public String toString() {
            return EffectiveYaml.line(this);
        }
    }

    /** Keys under {@code export.kafka}. */
    public record KafkaExport(
            @Setting(doc = "Topic to which kept traces are sent as OTLP protobuf, keyed by trace id.",
                    key = "topic") @Nullable String topic,
            @Setting(doc = "Bootstrap servers; by default kafka.brokers, with its login and certificates.",
                    key = "brokers") @Nullable String brokers,
            @Setting(doc = "Further properties of the producer, as Kafka names them; they go before all others.",
                    key = "properties", mayHoldSecret = true) Map<String, String> properties) {

        public KafkaExport {
            properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        }

        @Override
        public String toString() {
            return EffectiveYaml.line(this);
        }
    }

    private static void requireUsable(String section, @Nullable String endpoint, Duration timeout) {
        if (endpoint != null && !endpoint.startsWith("http://") && !endpoint.startsWith("https://")) {
            throw new IllegalArgumentException(section + ".endpoint must begin with http:// or https://");
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException(section + ".timeout_secs must be at least 0.001");
        }
    }
}
