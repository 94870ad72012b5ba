package dev.tailsampling.lake;

import dev.tailsampling.otlp.OtlpJsonReader;
import dev.tailsampling.otlp.RandomRequests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/**
 * Kafka records with traces that others have recorded, and with random ones in which every field of OTLP occurs. The same
 * seed gives the same records.
 */
final class TraceFixture {

    static final int PARTITIONS = 3;

    private static final List<String> REAL = List.of("opensearch-hotrod", "opensearch-otel", "zipkin-lens");
    private static final int RANDOM = 40;

    private TraceFixture() {}

    /** Records in the order in which they were sent, one a second. */
    static List<KafkaMessage> messages(long seed) {
        List<byte[]> values = new ArrayList<>();
        REAL.forEach(name -> values.addAll(real(name)));
        RandomRequests requests = new RandomRequests(seed);
        for (int i = 0; i < RANDOM; i++) {
            values.add(requests.next().toByteArray());
        }
        Random random = new Random(seed);
        List<KafkaMessage> messages = new ArrayList<>();
        for (byte[] value : values) {
            messages.add(KafkaMessage.of(random.nextInt(PARTITIONS), value, TestLake.millis(messages.size())));
        }
        return messages;
    }

    /** Requests that were recorded, out of {@code examples/real}. */
    static List<byte[]> real(String name) {
        String file = "/real/" + name + ".otlp.jsonl.gz";
        OtlpJsonReader json = new OtlpJsonReader();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(
                Objects.requireNonNull(TraceFixture.class.getResourceAsStream(file), file)), StandardCharsets.UTF_8))) {
            return lines.lines().map(json::toProtobuf).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
