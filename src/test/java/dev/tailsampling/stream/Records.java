package dev.tailsampling.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.stream.KafkaSettings.Group;
import dev.tailsampling.stream.KafkaSettings.OffsetReset;
import dev.tailsampling.stream.KafkaSettings.Protocol;
import dev.tailsampling.stream.KafkaSettings.Tls;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Spans as records of a topic. */
final class Records {

    private Records() {}

    /** Settings for a broker, with a group that begins with the oldest record. */
    static KafkaSettings settings(LocalKafka kafka, String group) {
        return new KafkaSettings(kafka.bootstrap(), null, Tls.NONE,
                new Group(group, Protocol.CONSUMER, null, Duration.ofSeconds(10), OffsetReset.EARLIEST), Map.of());
    }

    /** A producer of Kafka's own making; to be closed. */
    static Producer<byte[], byte[]> producer(LocalKafka kafka, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.put("bootstrap.servers", kafka.bootstrap());
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static TraceId traceId(int number) {
        return new TraceId(0x1234, number);
    }

    /** A request with one span for each pair of numbers: of the trace, and of the span. */
    static byte[] request(int... tracesAndSpans) {
        RequestBuilder request = new RequestBuilder();
        for (int i = 0; i < tracesAndSpans.length; i += 2) {
            TraceId traceId = traceId(tracesAndSpans[i]);
            request.beginResource().attribute("service.name", "service-" + tracesAndSpans[i] % 3)
                    .beginScope("test", "1")
                    .beginSpan(traceId.high(), traceId.low(), tracesAndSpans[i + 1])
                    .name("span " + tracesAndSpans[i + 1]).times(1_000, 2_000);
        }
        return request.take();
    }

    static ProducerRecord<byte[], byte[]> record(String topic, int partition, long timestampMillis, byte[] value) {
        return new ProducerRecord<>(topic, partition, timestampMillis, null, value);
    }

    /** Sends records, in their order, and waits for the broker. */
    static void send(LocalKafka kafka, List<ProducerRecord<byte[], byte[]>> records) {
        try (Producer<byte[], byte[]> producer = producer(kafka, Map.of())) {
            records.forEach(producer::send);
        }
    }

    /** Deletes the records before an offset, as retention does. */
    static void deleteBefore(LocalKafka kafka, String topic, int partition, long offset) {
        try (Admin admin = kafka.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The spans of a request as "trace/span", by their numbers, in their order. */
    static List<String> spans(byte[] otlp) {
        try {
            return ExportTraceServiceRequest.parseFrom(otlp).getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .flatMap(scope -> scope.getSpansList().stream())
                    .map(span -> span.getTraceId().asReadOnlyByteBuffer().getLong(8) + "/"
                            + span.getSpanId().asReadOnlyByteBuffer().getLong())
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("no ExportTraceServiceRequest", e);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static List<Integer> numbers(int fromInclusive, int untilExclusive) {
        return IntStream.range(fromInclusive, untilExclusive).boxed().toList();
    }
}
