package dev.tailsampling.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.stream.KafkaSettings.Group;
import dev.tailsampling.stream.KafkaSettings.OffsetReset;
import dev.tailsampling.stream.KafkaSettings.Protocol;
import dev.tailsampling.stream.KafkaSettings.Sasl;
import dev.tailsampling.stream.KafkaSettings.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {

    @TempDir
    private Path folder;

    @Test
    void membersOfTheNewProtocolLeaveToTheBrokerWhatIsItsToSay() {
        Map<String, Object> consumer = settings(null, Tls.NONE, Map.of()).groupConsumer();

        assertThat(consumer).containsEntry("group.protocol", "consumer").containsEntry("group.id", "sampler")
                .containsEntry("group.instance.id", "one").containsEntry("auto.offset.reset", "earliest")
                .containsEntry("isolation.level", "read_committed").containsEntry("enable.auto.commit", false)
                .containsEntry("security.protocol", "PLAINTEXT")
                .doesNotContainKeys("session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy");
        // Kafka's own check.
        assertThat(new ConsumerConfig(consumer).getString("group.protocol")).isEqualTo("consumer");
    }

    @Test
    void membersOfTheClassicProtocolKeepTheirPartitions() {
        Group group = new Group("sampler", Protocol.CLASSIC, null, Duration.ofSeconds(30), OffsetReset.LATEST);
        Map<String, Object> consumer = settings(null, Tls.NONE, Map.of()).withGroup(group).groupConsumer();

        assertThat(consumer).containsEntry("group.protocol", "classic").containsEntry("session.timeout.ms", 30_000)
                .containsEntry("heartbeat.interval.ms", 10_000).containsEntry("auto.offset.reset", "latest")
                .doesNotContainKey("group.instance.id");
        assertThat(consumer.get("partition.assignment.strategy")).asString().endsWith("CooperativeStickyAssignor");
    }

    @Test
    void offsetsAreCommittedByTheClientOnlyIfThatIsWanted() {
        Group group = new Group("sampler", Protocol.CONSUMER, null, Duration.ofSeconds(30), OffsetReset.LATEST, true);
        KafkaSettings settings = settings(null, Tls.NONE, Map.of()).withGroup(group);

        assertThat(settings.groupConsumer()).containsEntry("enable.auto.commit", true);
        assertThat(settings.reader()).containsEntry("enable.auto.commit", false);
    }

    @Test
    void membersInOneProcessHaveNamesOfTheirOwn() {
        KafkaSettings settings = settings(null, Tls.NONE, Map.of());

        assertThat(settings.withGroup(settings.group().member(0)).groupConsumer())
                .containsEntry("group.instance.id", "one-0");
        assertThat(settings.withGroup(settings.group().member(1)).groupConsumer())
                .containsEntry("group.instance.id", "one-1").containsEntry("group.id", "sampler");
        Group unnamed = new Group("sampler", Protocol.CONSUMER, null, Duration.ofSeconds(30), OffsetReset.LATEST);
        assertThat(unnamed.member(1)).isEqualTo(unnamed);
    }

    @Test
    void readersBelongToNoGroup() {
        assertThat(settings(null, Tls.NONE, Map.of()).reader()).doesNotContainKey("group.id")
                .containsEntry("auto.offset.reset", "none").containsEntry("isolation.level", "read_committed");
    }

    @Test
    void propertiesGoBeforeAllOthers() {
        KafkaSettings settings = settings(null, Tls.NONE,
                Map.of("compression.type", "lz4", "max.poll.records", "7", "security.protocol", "SSL"));

        assertThat(new ProducerConfig(settings.producer()).getString("compression.type")).isEqualTo("lz4");
        assertThat(new ConsumerConfig(settings.groupConsumer()).getInt("max.poll.records")).isEqualTo(7);
        assertThat(settings.reader()).containsEntry("max.poll.records", "7");
        assertThat(settings.admin()).containsEntry("security.protocol", "SSL");
    }

    @Test
    void secretsAreInNoText() {
        KafkaSettings settings = settings(new Sasl("PLAIN", "ann", "geheim"), Tls.NONE,
                Map.of("ssl.key.password", "geheim"));

        assertThat(settings.toString()).contains("ann", "ssl.key.password").doesNotContain("geheim");
        assertThat(settings(new Sasl("PLAIN", "ann", "geheim"), Tls.NONE, Map.of()).admin().toString())
                .doesNotContain("geheim");
    }

    @Test
    void quotesPasswords() {
        Map<String, Object> admin = settings(new Sasl("SCRAM-SHA-512", "ann", "a\"b\\c"), Tls.NONE, Map.of()).admin();

        assertThat(admin).containsEntry("security.protocol", "SASL_PLAINTEXT")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512");
        assertThat(((Password) admin.get("sasl.jaas.config")).value()).isEqualTo(
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"ann\" "
                        + "password=\"a\\\"b\\\\c\";");
    }

    @Test
    void otherMechanismsNeedTheirOwnConfiguration() {
        assertThatThrownBy(() -> settings(new Sasl("GSSAPI", "", ""), Tls.NONE, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kafka.sasl_mechanism GSSAPI is none of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and so needs "
                        + "sasl.jaas.config in kafka.properties");
        assertThat(settings(new Sasl("GSSAPI", "", ""), Tls.NONE, Map.of("sasl.jaas.config", "x required;")).admin())
                .containsEntry("sasl.jaas.config", "x required;");
    }

    @Test
    void readsPemFiles() throws IOException {
        Path ca = file("ca.pem", "-----BEGIN CERTIFICATE-----\nauthority\n-----END CERTIFICATE-----\n");
        Path certificate = file("cert.pem", "-----BEGIN CERTIFICATE-----\nclient\n-----END CERTIFICATE-----\n");
        Path key = file("key.pem", "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n");

        Map<String, Object> admin = settings(null, new Tls(ca, certificate, key), Map.of()).admin();

        assertThat(admin).containsEntry("security.protocol", "SSL").containsEntry("ssl.truststore.type", "PEM")
                .containsEntry("ssl.keystore.type", "PEM");
        assertThat(((Password) admin.get("ssl.truststore.certificates")).value()).contains("authority");
        assertThat(((Password) admin.get("ssl.keystore.certificate.chain")).value()).contains("client");
        assertThat(((Password) admin.get("ssl.keystore.key")).value()).contains("secret");
        assertThat(admin.toString()).doesNotContain("secret");
    }

    @Test
    void saysWhichPemFileIsWrong() throws IOException {
        Path missing = folder.resolve("missing.pem");
        Path certificate = file("cert.pem", "-----BEGIN CERTIFICATE-----\n");
        Path old = file("key.pem", "-----BEGIN RSA PRIVATE KEY-----\n");

        assertThatThrownBy(() -> settings(null, new Tls(missing, null, null), Map.of()).admin())
                .hasMessage("kafka.ssl_ca_path: there is no file " + missing);
        assertThatThrownBy(() -> settings(null, new Tls(null, certificate, old), Map.of()).admin())
                .hasMessage("kafka.ssl_key_path: " + old + " holds no PEM block BEGIN PRIVATE KEY; convert the key to "
                        + "PKCS#8, without a passphrase");
        assertThatThrownBy(() -> new Tls(null, certificate, null))
                .hasMessage("kafka.ssl_cert_path and kafka.ssl_key_path must be given together");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static KafkaSettings settings(@Nullable Sasl sasl, Tls tls, Map<String, String> properties) {
        return new KafkaSettings("localhost:9092", sasl, tls,
                new Group("sampler", Protocol.CONSUMER, "one", Duration.ofSeconds(30), OffsetReset.EARLIEST),
                properties);
    }
}
