package dev.tailsampling.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.stream.KafkaSettings.Sasl;
import dev.tailsampling.stream.KafkaSettings.Tls;
import dev.tailsampling.trace.Threshold;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that encrypts, asks for the client's certificate, and for a password. */
class SecuredKafkaTest {

    private static final String PASSWORD = "changeit";
    private static final String TOPIC = "spans";
    private static final String DENIED = "Authentication failed: Invalid username or password";

    @TempDir
    private Path folder;

    @Test
    void logsInWithCertificatesAndPassword() throws Exception {
        Path store = keyStore();
        KeyStore keys = load(store);
        Path certificate = pem("cert.pem", "CERTIFICATE", keys.getCertificate("kafka").getEncoded());
        Path key = pem("key.pem", "PRIVATE KEY", keys.getKey("kafka", PASSWORD.toCharArray()).getEncoded());
        Tls both = new Tls(certificate, certificate, key);
        SampledTrace trace = new SampledTrace(Records.traceId(1), Records.request(1, 2), 1, "all", Threshold.ALWAYS);

        try (LocalKafka kafka = LocalKafka.start(secured(store))) {
            KafkaSettings ann = settings(kafka, new Sasl("PLAIN", "ann", "s\"3cret"), both);
            try (Admin admin = Admin.create(ann.admin())) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
            }
            try (KafkaTraceExporter exporter = new KafkaTraceExporter(ann, TOPIC)) {
                assertThat(exporter.export(List.of(trace))).isEqualTo(new ExportOutcome.Exported(0, ""));
            }
            List<String> read = new ArrayList<>();
            try (TopicReader reader = new TopicReader(ann, TOPIC)) {
                reader.read(0, 0, 1, record -> read.addAll(Records.spans(record.value())));
            }
            assertThat(read).containsExactly("1/2");

            KafkaSettings mallory = settings(kafka, new Sasl("PLAIN", "ann", "guess"), both);
            try (TopicReader reader = new TopicReader(mallory, TOPIC)) {
                assertThatThrownBy(() -> reader.endOffset(0)).isInstanceOf(UncheckedIOException.class)
                        .hasMessageStartingWith(TOPIC + "/0 cannot be read: ").hasMessageContaining(DENIED);
            }
            try (KafkaTraceExporter exporter = new KafkaTraceExporter(mallory, TOPIC)) {
                assertThat(exporter.export(List.of(trace))).isInstanceOfSatisfying(ExportOutcome.Unknown.class,
                        unknown -> assertThat(unknown.reason()).startsWith("topic " + TOPIC + ": ").contains(DENIED));
            }
            KafkaSettings withoutCertificate = settings(kafka, new Sasl("PLAIN", "ann", "s\"3cret"),
                    new Tls(certificate, null, null));
            try (TopicReader reader = new TopicReader(withoutCertificate, TOPIC)) {
                assertThatThrownBy(() -> reader.endOffset(0)).isInstanceOf(UncheckedIOException.class);
            }
        }
    }

    private static KafkaSettings settings(LocalKafka kafka, @Nullable Sasl sasl, Tls tls) {
        return new KafkaSettings(kafka.bootstrap(), sasl, tls, Records.settings(kafka, "sampler").group(),
                Map.of("default.api.timeout.ms", "30000", "max.block.ms", "30000"));
    }

    private static Map<String, String> secured(Path store) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listeners", "SASL_SSL://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}");
        all.put("advertised.listeners", "SASL_SSL://127.0.0.1:{port}");
        all.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL");
        all.put("inter.broker.listener.name", "SASL_SSL");
        all.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        all.put("sasl.enabled.mechanisms", "PLAIN");
        all.put("listener.name.sasl_ssl.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule "
                        + "required username=\"broker\" password=\"broker\" user_broker=\"broker\" user_ann=\"s\\\\\"3cret\";");
        all.put("ssl.keystore.location", store.toString());
        all.put("ssl.keystore.password", PASSWORD);
        all.put("ssl.truststore.location", store.toString());
        all.put("ssl.truststore.password", PASSWORD);
        all.put("ssl.client.auth", "required");
        all.put("listener.name.sasl_ssl.ssl.client.auth", "required");
        return all;
    }

    private Path keyStore() throws IOException, InterruptedException {
        Path store = folder.resolve("kafka.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD, "-alias",
                "kafka", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1,dns:localhost", "-ext",
                "bc=ca:true").redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return store;
    }

    private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream input = Files.newInputStream(store)) {
            keys.load(input, PASSWORD.toCharArray());
        }
        return keys;
    }

    private Path pem(String name, String content, byte[] der) throws IOException {
        return Files.writeString(folder.resolve(name), "-----BEGIN " + content + "-----\n"
                + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der) + "\n-----END " + content
                + "-----\n");
    }
}
