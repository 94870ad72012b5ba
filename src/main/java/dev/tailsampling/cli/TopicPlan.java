package dev.tailsampling.cli;

import dev.tailsampling.config.KafkaConfig;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.config.StorageConfig.StorageType;
import dev.tailsampling.stream.FastPath;
import dev.tailsampling.stream.KafkaSettings;
import dev.tailsampling.stream.RecordDecoder;
import dev.tailsampling.stream.Repartitioner;
import dev.tailsampling.translate.SpanEncoding;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the configuration says of the topic that is sampled as its spans come. */
final class TopicPlan {

    /** Of the heap, for spans of open traces. */
    private static final int HEAP_SHARE = 3;
    private static final long MIN_QUEUE_BYTES = 1 << 20;
    private static final long MAX_QUEUE_BYTES = 256 << 20;
    private static final int QUEUE_SHARE = 8;

    private final SelectorConfig config;

    private TopicPlan(SelectorConfig config) {
        this.config = config;
    }

    /** Empty if no topic is to be sampled. */
    static Optional<TopicPlan> of(SelectorConfig config) {
        boolean wanted = config.kafka().enabled() || config.storage().storageType() == StorageType.MEMORY;
        return wanted ? Optional.of(new TopicPlan(config)) : Optional.empty();
    }

    /** The topic that the collectors write to. */
    String inputTopic() {
        return config.kafka().inputTopic();
    }

    /** The topic in which all spans of a trace are in one partition. */
    String topic() {
        KafkaConfig kafka = config.kafka();
        if (kafka.keyedByTraceId()) {
            return kafka.inputTopic();
        }
        return kafka.repartitionTopic() == null ? kafka.inputTopic() + "-by-trace" : kafka.repartitionTopic();
    }

    /** The table that the topic is written to, if there is one: "namespace.table". */
    Optional<String> table() {
        if (config.storage().storageType() == StorageType.MEMORY) {
            return Optional.empty();
        }
        String table = config.kafka().icebergTable();
        return Optional.of(table == null
                ? config.storage().iceberg().namespace() + "." + config.kafka().inputTopic()
                : table);
    }

    /** Whether the table has the records of the topic that is sampled, at their offsets. */
    boolean tableHasOffsets() {
        return config.kafka().keyedByTraceId();
    }

    /** Memory for spans of open traces, in bytes. */
    long bufferBytes() {
        long configured = config.kafka().maxBufferBytes();
        return configured > 0 ? configured : Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    }

    FastPath.Plan fastPath() {
        KafkaConfig kafka = config.kafka();
        long queueBytes = Math.clamp(bufferBytes() / QUEUE_SHARE / kafka.consumerThreads(),
                MIN_QUEUE_BYTES, MAX_QUEUE_BYTES);
        return new FastPath.Plan(settings(kafka), topic(), decoder(), kafka.consumerThreads(),
                config.app().evaluationWorkers(), kafka.commitInterval(), queueBytes, kafka.timeSlack(),
                !kafka.enableAutoCommit(), repartitioning().orElse(null));
    }

    /** How spans are sorted by trace first; empty if they are. */
    Optional<Repartitioner.Plan> repartitioning() {
        KafkaConfig kafka = config.kafka();
        return kafka.keyedByTraceId()
                ? Optional.empty()
                : Optional.of(new Repartitioner.Plan(settings(kafka), kafka.inputTopic(), topic(),
                        new RecordDecoder(encoding()), null, kafka.consumerThreads(),
                        Repartitioner.TRANSACTION_INTERVAL));
    }

    RecordDecoder decoder() {
        return new RecordDecoder(config.kafka().keyedByTraceId() ? encoding() : SpanEncoding.OTLP_PROTO);
    }

    /** How records of the input topic hold spans; null to look at each. */
    @Nullable
    SpanEncoding encoding() {
        KafkaConfig.Encoding encoding = config.kafka().encoding();
        return encoding == KafkaConfig.Encoding.AUTO ? null : SpanEncoding.valueOf(encoding.name());
    }

    /**
     * How to reach the brokers.
     *
     * @throws UsageException if the settings cannot be meant
     */
    static KafkaSettings settings(KafkaConfig kafka) {
        try {
            KafkaSettings.Group group = new KafkaSettings.Group(kafka.consumerGroup(),
                    KafkaSettings.Protocol.valueOf(kafka.groupProtocol().name()), kafka.groupInstanceId(),
                    kafka.sessionTimeout(), KafkaSettings.OffsetReset.valueOf(kafka.autoOffsetReset().name()),
                    kafka.enableAutoCommit());
            return new KafkaSettings(kafka.brokers(), sasl(kafka),
                    new KafkaSettings.Tls(kafka.sslCaPath(), kafka.sslCertPath(), kafka.sslKeyPath()), group,
                    kafka.properties());
        } catch (IllegalArgumentException e) {
            throw new UsageException("the settings of Kafka cannot be used: " + e.getMessage());
        }
    }

    private static KafkaSettings.@Nullable Sasl sasl(KafkaConfig kafka) {
        String mechanism = kafka.saslMechanism();
        if (mechanism == null) {
            return null;
        }
        return new KafkaSettings.Sasl(mechanism, kafka.saslUsername() == null ? "" : kafka.saslUsername(),
                kafka.saslPassword() == null ? "" : kafka.saslPassword().value());
    }
}
