package dev.tailsampling.config;

import dev.tailsampling.config.Setting.Use;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keys under {@code kafka}: the topic of spans, for the fast path. */
public record KafkaConfig(
        @Setting(doc = "Bootstrap servers, host:port with commas between them.",
                key = "brokers", standard = "localhost:9092", use = Use.LATER) String brokers,
        @Setting(doc = "Topic of OTLP trace data.",
                key = "input_topic", standard = "otel-traces-raw", use = Use.LATER) String inputTopic,
        @Setting(doc = "Consumer group; its members share the partitions.",
                key = "consumer_group", standard = "tail-sampling-selector", use = Use.LATER) String consumerGroup,
        @Setting(doc = "Threads that consume.",
                key = "consumer_threads", standard = "1", min = 1, max = 1024, use = Use.LATER) int consumerThreads,
        @Setting(doc = "Where a new consumer group begins.",
                key = "auto_offset_reset", standard = "latest", use = Use.LATER) AutoOffsetReset autoOffsetReset,
        @Setting(doc = "Whether Kafka commits offsets by itself, decided or not.",
                key = "enable_auto_commit", standard = "false", use = Use.LATER) boolean enableAutoCommit,
        @Setting(doc = "After this long without a sign the broker gives a consumer's partitions to others.",
                key = "session_timeout_ms", standard = "30000", min = 1, use = Use.LATER) Duration sessionTimeout,
        @Setting(doc = "SASL mechanism, such as PLAIN or SCRAM-SHA-512.",
                key = "sasl_mechanism", use = Use.LATER) @Nullable String saslMechanism,
        @Setting(doc = "SASL user.",
                key = "sasl_username", use = Use.LATER) @Nullable String saslUsername,
        @Setting(doc = "SASL password.",
                key = "sasl_password", use = Use.LATER) @Nullable Secret saslPassword,
        @Setting(doc = "PEM file of the authorities to trust.",
                key = "ssl_ca_path", use = Use.LATER) @Nullable Path sslCaPath,
        @Setting(doc = "PEM file of the client's certificate.",
                key = "ssl_cert_path", use = Use.LATER) @Nullable Path sslCertPath,
        @Setting(doc = "PEM file of the client's key.",
                key = "ssl_key_path", use = Use.LATER) @Nullable Path sslKeyPath) {

    /** Where consumption begins when there is no committed offset. */
    public enum AutoOffsetReset {
        /** With what is produced from now on. */
        LATEST,
        /** With the oldest record that is kept. */
        EARLIEST,
        /** Nowhere: it is an error. */
        NONE
    }
}
