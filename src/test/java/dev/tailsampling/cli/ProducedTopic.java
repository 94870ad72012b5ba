package dev.tailsampling.cli;

import dev.tailsampling.lake.KafkaMessage;
import dev.tailsampling.lake.MessageWriter;
import dev.tailsampling.otlp.OtlpJsonReader;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.stream.LocalKafka;
import dev.tailsampling.trace.TraceId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Produces recorded traces to a topic, as a Collector would: a record for each request, or with keys one for each trace of
 * a request. A record's timestamp is the latest end of a span so far.
 */
final class ProducedTopic {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** One record. */
    record Message(int partition, String key, byte[] value, long timestampMillis) {}

    private ProducedTopic() {}

    /** The records of a file of OTLP JSON lines. */
    static List<Message> messages(Path lines, int partitions, boolean keyed) throws java.io.IOException {
        List<Message> messages = new ArrayList<>();
        long[] time = {0};
        try (Stream<String> all = Files.lines(lines)) {
            all.forEach(line -> add(new OtlpJsonReader().toProtobuf(line), partitions,
                    keyed, time, messages));
        }
        return messages;
    }

    private static void add(byte[] request, int partitions, boolean keyed, long[] time, List<Message> messages) {
        Map<TraceId, TraceBytes> byTrace = new LinkedHashMap<>();
        new OtlpSpans().forEach(request, 0, request.length, span -> {
            time[0] = Math.max(time[0], Math.ceilDiv(span.endUnixNano(), NANOS_PER_MILLI));
            byTrace.computeIfAbsent(span.traceId(), unseen -> new TraceBytes()).add(span);
        });
        if (keyed) {
            byTrace.forEach((traceId, bytes) -> messages.add(new Message(
                    Math.floorMod(traceId.hashCode(), partitions), traceId.hex(),
                    Objects.requireNonNull(bytes.take()), time[0])));
        } else if (!byTrace.isEmpty()) {
            messages.add(new Message(messages.size() % partitions, "", request, time[0]));
        }
    }

    /** Sends them all; returns when the broker has them. */
    static void produce(LocalKafka kafka, String topic, List<Message> messages) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "linger.ms", "5", "acks", "all"),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Message message : messages) {
                var unused = producer.send(new ProducerRecord<>(topic, message.partition(), message.timestampMillis(),
                        message.key().isEmpty() ? null : message.key().getBytes(StandardCharsets.UTF_8),
                        message.value()));
            }
            producer.flush();
        }
    }

    /** Writes them to a table at the offsets that they have in a new topic. */
    static void load(MessageWriter table, List<Message> messages) {
        messages.forEach(message -> table.append(new KafkaMessage(message.partition(), message.key(), message.value(),
                message.timestampMillis(), Map.of())));
        table.commit(MessageWriter.CatchUp.CAUGHT_UP);
        table.close();
    }
}
