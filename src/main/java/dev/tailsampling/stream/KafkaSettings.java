package dev.tailsampling.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Kafka, as plain values, and what its clients make of that. Secrets are in no text that this gives away.
 *
 * @param brokers bootstrap servers, host:port with commas between them
 * @param sasl how to log in; null for not at all
 * @param tls what encryption needs besides the certificates that Java trusts
 * @param group the consumer group, for those who join it
 * @param properties of the clients, as Kafka names them; they go before all others
 */
public record KafkaSettings(String brokers, @Nullable Sasl sasl, Tls tls, Group group, Map<String, String> properties) {

    /** Bytes of one answer to a consumer, of one partition and of all: enough for throughput, little for a heap. */
    private static final int PARTITION_FETCH_BYTES = 2 << 20;
    private static final int FETCH_BYTES = 16 << 20;
    private static final int MAX_POLL_RECORDS = 2_000;
    /** As in Kafka. */
    private static final int DEFAULT_MAX_REQUEST_BYTES = 1 << 20;
    /** What Kafka adds to a value at most, the key of 32 bytes included. */
    private static final int OVERHEAD_BYTES = 1 << 10;
    /** Heartbeats in one session, as Kafka advises. */
    private static final int HEARTBEATS = 3;

    /**
     * A login by SASL.
     *
     * @param mechanism PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; any other needs {@code sasl.jaas.config} in the properties
     */
    public record Sasl(String mechanism, String username, String password) {

        private static final Map<String, String> MODULES = Map.of(
                "PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule",
                "SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule",
                "SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

        private @Nullable String jaas() {
            String module = MODULES.get(mechanism);
            return module == null
                    ? null
                    : module + " required username=" + quoted(username) + " password=" + quoted(password) + ";";
        }

        private static String quoted(String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
        }

        @Override
        public String toString() {
            return "Sasl[mechanism=" + mechanism + ", username=" + username + ", password=***]";
        }
    }

    /**
     * PEM files; with any of them the connection is encrypted.
     *
     * @param authorities certificates to trust; null for those that Java trusts
     * @param certificate of the client, with its chain; null for none
     * @param key of that certificate, PKCS#8 and not encrypted
     */
    public record Tls(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {

        /** No file. */
        public static final Tls NONE = new Tls(null, null, null);

        public Tls {
            if ((certificate == null) != (key == null)) {
                throw new IllegalArgumentException(
                        "kafka.ssl_cert_path and kafka.ssl_key_path must be given together");
            }
        }

        private boolean isUsed() {
            return authorities != null || certificate != null;
        }
    }

    /**
     * Membership of a consumer group.
     *
     * @param instanceId name for static membership; null for none
     * @param sessionTimeout with the classic protocol; with the other one it is the broker's to say
     * @param autoCommit whether the client commits offsets by itself, as soon as it has read on
     */
    public record Group(String id, Protocol protocol, @Nullable String instanceId, Duration sessionTimeout,
            OffsetReset offsetReset, boolean autoCommit) {

        /** Whose offsets are committed by those who read. */
        public Group(String id, Protocol protocol, @Nullable String instanceId, Duration sessionTimeout,
                OffsetReset offsetReset) {
            this(id, protocol, instanceId, sessionTimeout, offsetReset, false);
        }

        /** The same for one of several members in a process; each needs a name of its own. */
        Group member(int number) {
            return instanceId == null
                    ? this
                    : new Group(id, protocol, instanceId + "-" + number, sessionTimeout, offsetReset, autoCommit);
        }
    }

    /** How members of a group share the partitions. */
    public enum Protocol {
        /** KIP-848: the broker decides. */
        CONSUMER,
        /** A member decides; for brokers before 4.0. */
        CLASSIC
    }

    /** Where a group begins that has no committed offset. */
    public enum OffsetReset {
        /** With what is produced from now on. */
        LATEST,
        /** With the oldest record that is kept. */
        EARLIEST,
        /** Nowhere: it is an error. */
        NONE
    }

    /**
     * Checks what can be checked without a file or a server.
     *
     * @throws IllegalArgumentException if the login lacks something
     */
    public KafkaSettings {
        properties = Map.copyOf(properties);
        if (sasl != null && sasl.jaas() == null && !properties.containsKey(SaslConfigs.SASL_JAAS_CONFIG)) {
            throw new IllegalArgumentException("kafka.sasl_mechanism " + sasl.mechanism() + " is none of "
                    + String.join(", ", Sasl.MODULES.keySet().stream().sorted().toList())
                    + " and so needs " + SaslConfigs.SASL_JAAS_CONFIG + " in kafka.properties");
        }
    }

    /** The same with another group. */
    public KafkaSettings withGroup(Group other) {
        return new KafkaSettings(brokers, sasl, tls, other, properties);
    }

    /**
     * For a member of the group.
     *
     * @throws IllegalArgumentException if a PEM file cannot be read
     */
    public Map<String, Object> groupConsumer() {
        Map<String, Object> all = consumer();
        all.put(ConsumerConfig.GROUP_ID_CONFIG, group.id());
        all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, lowerCase(group.protocol()));
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, lowerCase(group.offsetReset()));
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, group.autoCommit());
        if (group.instanceId() != null) {
            all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, group.instanceId());
        }
        if (group.protocol() == Protocol.CLASSIC) {
            all.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, Math.toIntExact(group.sessionTimeout().toMillis()));
            all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                    Math.toIntExact(Math.max(1, group.sessionTimeout().toMillis() / HEARTBEATS)));
        }
        all.putAll(properties);
        return all;
    }

    /**
     * For a consumer that reads partitions of its own choice, from offsets of its own choice.
     *
     * @throws IllegalArgumentException if a PEM file cannot be read
     */
    public Map<String, Object> reader() {
        Map<String, Object> all = consumer();
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.putAll(properties);
        return all;
    }

    private Map<String, Object> consumer() {
        Map<String, Object> all = connection();
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        return all;
    }

    /**
     * For a producer: idempotent, compressed with zstd.
     *
     * @throws IllegalArgumentException if a PEM file cannot be read
     */
    public Map<String, Object> producer() {
        Map<String, Object> all = connection();
        all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        all.putAll(properties);
        return all;
    }

    /**
     * For the administration of topics.
     *
     * @throws IllegalArgumentException if a PEM file cannot be read
     */
    public Map<String, Object> admin() {
        Map<String, Object> all = connection();
        all.putAll(properties);
        return all;
    }

    private Map<String, Object> connection() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, brokers);
        all.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                (sasl == null ? "" : "SASL_") + (tls.isUsed() ? "SSL" : "PLAINTEXT"));
        if (sasl != null) {
            all.put(SaslConfigs.SASL_MECHANISM, sasl.mechanism());
            String jaas = sasl.jaas();
            if (jaas != null) {
                all.put(SaslConfigs.SASL_JAAS_CONFIG, new Password(jaas));
            }
        }
        if (tls.authorities() != null) {
            all.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            all.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG,
                    new Password(pem("kafka.ssl_ca_path", tls.authorities(), "CERTIFICATE")));
        }
        if (tls.certificate() != null && tls.key() != null) {
            all.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
            all.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
                    new Password(pem("kafka.ssl_cert_path", tls.certificate(), "CERTIFICATE")));
            all.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG,
                    new Password(pem("kafka.ssl_key_path", tls.key(), "PRIVATE KEY")));
        }
        return all;
    }

    private static String pem(String key, Path file, String content) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(key + ": there is no file " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException(key + ": " + file + " cannot be read: " + e.getMessage(), e);
        }
        if (!text.contains("-----BEGIN " + content + "-----")) {
            throw new IllegalArgumentException(key + ": " + file + " holds no PEM block BEGIN " + content
                    + (content.equals("CERTIFICATE") ? "" : "; convert the key to PKCS#8, without a passphrase"));
        }
        return text;
    }

    /**
     * The largest value that a producer with these settings sends.
     *
     * @throws IllegalArgumentException if {@code max.request.size} among the properties is no size
     */
    int maxValueBytes() {
        String text = properties.getOrDefault(ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                String.valueOf(DEFAULT_MAX_REQUEST_BYTES));
        try {
            int bytes = Integer.parseInt(text.strip()) - OVERHEAD_BYTES;
            if (bytes > 0) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(ProducerConfig.MAX_REQUEST_SIZE_CONFIG
                + " must be a number of bytes, more than " + OVERHEAD_BYTES + ": " + text);
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Properties by name only: they may hold secrets. */
    @Override
    public String toString() {
        return "KafkaSettings[brokers=" + brokers + ", sasl=" + sasl + ", tls=" + tls + ", group=" + group
                + ", properties=" + properties.keySet() + "]";
    }
}
