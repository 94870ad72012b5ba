package dev.tailsampling.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys under {@code kafka}: the topic of spans, for the fast path. */
public record KafkaConfig(
        @Setting(doc = "Whether the topic is sampled as its spans come; always with storage_type memory.",
                key = "enabled", standard = "false") boolean enabled,
        @Setting(doc = "Bootstrap servers, host:port with commas between them.",
                key = "brokers", standard = "localhost:9092") String brokers,
        @Setting(doc = "Topic of OTLP trace data.",
                key = "input_topic", standard = "otel-traces-raw") String inputTopic,
        @Setting(doc = "Consumer group; its members share the partitions.",
                key = "consumer_group", standard = "tail-sampling-selector") String consumerGroup,
        @Setting(doc = "Threads that consume.",
                key = "consumer_threads", standard = "1", min = 1, max = 1024) int consumerThreads,
        @Setting(doc = "Where a new consumer group begins.",
                key = "auto_offset_reset", standard = "latest") AutoOffsetReset autoOffsetReset,
        @Setting(doc = "Whether Kafka commits offsets by itself, decided or not.",
                key = "enable_auto_commit", standard = "false") boolean enableAutoCommit,
        @Setting(doc = "After this long without a sign the broker gives a consumer's partitions to others.",
                key = "session_timeout_ms", standard = "30000", min = 1) Duration sessionTimeout,
        @Setting(doc = "SASL mechanism, such as PLAIN or SCRAM-SHA-512.",
                key = "sasl_mechanism") @Nullable String saslMechanism,
        @Setting(doc = "SASL user.",
                key = "sasl_username") @Nullable String saslUsername,
        @Setting(doc = "SASL password.",
                key = "sasl_password") @Nullable Secret saslPassword,
        @Setting(doc = "PEM file of the authorities to trust.",
                key = "ssl_ca_path") @Nullable Path sslCaPath,
        @Setting(doc = "PEM file of the client's certificate.",
                key = "ssl_cert_path") @Nullable Path sslCertPath,
        @Setting(doc = "PEM file of the client's key.",
                key = "ssl_key_path") @Nullable Path sslKeyPath,
        @Setting(doc = "How records hold spans; auto looks at each.",
                key = "encoding", standard = "auto") Encoding encoding,
        @Setting(doc = "Whether a trace's spans are in one partition; if not, they are sorted first.",
                key = "keyed_by_trace_id", standard = "true") boolean keyedByTraceId,
        @Setting(
                doc = "Topic through which spans are sorted by trace; by default the input topic's name with -by-trace.",
                key = "repartition_topic") @Nullable String repartitionTopic,
        @Setting(doc = "Rebalance protocol of the group: consumer (brokers from 4.0 on), or classic.",
                key = "group_protocol", standard = "consumer") GroupProtocol groupProtocol,
        @Setting(doc = "Name of this instance for static membership, under which it may restart without a rebalance.",
                key = "group_instance_id") @Nullable String groupInstanceId,
        @Setting(doc = "How often decisions go to the ledger and offsets to the broker.",
                key = "commit_interval_ms", standard = "5000", min = 1) Duration commitInterval,
        @Setting(doc = "Memory for spans of open traces, in bytes; 0 for a third of the heap.",
                key = "max_buffer_bytes", standard = "0", min = 0) long maxBufferBytes,
        @Setting(doc = "A trace that is open for longer is handed over: its spans are left to the topic and its table.",
                key = "hand_over_after_secs", standard = "120", min = 1) Duration handOverAfter,
        @Setting(doc = "When the topic is quiet, its time follows the clock by this much.",
                key = "time_slack_ms", standard = "2000", min = 0) Duration timeSlack,
        @Setting(doc = "Table with the topic's records; by default of its name, in storage.iceberg.namespace.",
                key = "iceberg_table") @Nullable String icebergTable,
        @Setting(doc = "Further properties of the Kafka clients, as Kafka names them; they go before all others.",
                key = "properties", mayHoldSecret = true) Map<String, String> properties) {

    /** How records hold spans. */
    public enum Encoding {
        /** Each record is looked at. */
        AUTO,
        /** OTLP protobuf. */
        OTLP_PROTO,
        /** OTLP JSON. */
        OTLP_JSON,
        /** A span of Jaeger's model as protobuf. */
        JAEGER_PROTO,
        /** A span of Jaeger's model as JSON. */
        JAEGER_JSON,
        /** A list of Zipkin v2 spans as protobuf. */
        ZIPKIN_PROTO,
        /** A list of Zipkin v2 spans as JSON. */
        ZIPKIN_JSON
    }

    /** How members of the group share the partitions. */
    public enum GroupProtocol {
        /** KIP-848: the broker decides. */
        CONSUMER,
        /** A member decides; for brokers before 4.0. */
        CLASSIC
    }

    /** Where consumption begins when there is no committed offset. */
    public enum AutoOffsetReset {
        /** With what is produced from now on. */
        LATEST,
        /** With the oldest record that is kept. */
        EARLIEST,
        /** Nowhere: it is an error. */
        NONE
    }

    @Override
    public String toString() {
        return EffectiveYaml.line(this);
    }
}
