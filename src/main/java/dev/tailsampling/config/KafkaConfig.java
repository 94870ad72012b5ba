package dev.tailsampling.config;

import dev.tailsampling.config.Setting.Use;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys under {@code kafka}: the topic of spans, for the fast path. */
public record KafkaConfig(
        @Setting(doc = "Whether spans are read from the topic, as they come, instead of from its table. "
                + "Always so with storage.storage_type memory.",
                key = "enabled", standard = "false", use = Use.LATER) boolean enabled,
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
                key = "ssl_key_path", use = Use.LATER) @Nullable Path sslKeyPath,
        @Setting(doc = "How records hold spans; auto looks at each.",
                key = "encoding", standard = "auto", use = Use.LATER) Encoding encoding,
        @Setting(doc = "Whether all spans of a trace are in one partition, as with the Collector's "
                + "partition_traces_by_id. If not, spans are sorted through kafka.repartition_topic first.",
                key = "keyed_by_trace_id", standard = "true", use = Use.LATER) boolean keyedByTraceId,
        @Setting(
                doc = "Topic through which spans are sorted by trace; by default the input topic's name with -by-trace.",
                key = "repartition_topic", use = Use.LATER) @Nullable String repartitionTopic,
        @Setting(doc = "Rebalance protocol of the group: consumer (brokers from 4.0 on), or classic.",
                key = "group_protocol", standard = "consumer", use = Use.LATER) GroupProtocol groupProtocol,
        @Setting(doc = "Name of this instance for static membership, under which it may restart without a rebalance.",
                key = "group_instance_id", use = Use.LATER) @Nullable String groupInstanceId,
        @Setting(doc = "How often decisions go to the ledger and offsets to the broker.",
                key = "commit_interval_ms", standard = "5000", min = 1, use = Use.LATER) Duration commitInterval,
        @Setting(doc = "Memory for spans of open traces, in bytes; 0 for a third of the heap.",
                key = "max_buffer_bytes", standard = "0", min = 0, use = Use.LATER) long maxBufferBytes,
        @Setting(doc = "A trace that is open for longer is handed over: its spans are left to the topic and its table.",
                key = "hand_over_after_secs", standard = "120", min = 1, use = Use.LATER) Duration handOverAfter,
        @Setting(doc = "When the topic is quiet, its time follows the clock by this much.",
                key = "time_slack_ms", standard = "2000", min = 0, use = Use.LATER) Duration timeSlack,
        @Setting(doc = "Table that the topic is written to, namespace.table; by default the input topic's in "
                + "storage.iceberg.namespace.", key = "table", use = Use.LATER) @Nullable String table,
        @Setting(doc = "Further properties of the Kafka clients, as Kafka names them; they go before all others.",
                key = "properties", mayHoldSecret = true, use = Use.LATER) Map<String, String> properties) {

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
}
