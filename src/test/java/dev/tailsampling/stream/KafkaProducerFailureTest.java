package dev.tailsampling.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.ExportOutcome.Unknown;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.stream.KafkaSettings.Group;
import dev.tailsampling.stream.KafkaSettings.OffsetReset;
import dev.tailsampling.stream.KafkaSettings.Protocol;
import dev.tailsampling.stream.KafkaSettings.Tls;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one failure of a producer does to the rest of its batch, and to other batches. */
@Timeout(60)
class KafkaProducerFailureTest {

    private static KafkaSettings settings(String brokers, Map<String, String> properties) {
        return new KafkaSettings(brokers, null, Tls.NONE,
                new Group("unused", Protocol.CONSUMER, null, Duration.ofSeconds(10), OffsetReset.NONE), properties);
    }

    private static SampledTrace trace(int number) {
        return new SampledTrace(new TraceId(number, 1), ExportTraceServiceRequest.getDefaultInstance().toByteArray(),
                1, "errors", null);
    }

    @Test
    void aBatchDoesNotBlockOnceForEachTrace() throws IOException {
        int nobody;
        try (ServerSocket closedSoon = new ServerSocket(0)) {
            nobody = closedSoon.getLocalPort();
        }
        KafkaSettings settings = settings("localhost:" + nobody, Map.of("max.block.ms", "200"));
        try (KafkaTraceExporter exporter = new KafkaTraceExporter(settings, "spans")) {
            List<SampledTrace> batch = IntStream.range(0, 1_000).mapToObj(KafkaProducerFailureTest::trace).toList();

            assertThat(exporter.export(batch)).isInstanceOf(Unknown.class);
        }
    }

    @Test
    void aFailureDoesNotCloseTheNextProducer() {
        List<MockProducer<byte[], byte[]>> producers = Collections.synchronizedList(new ArrayList<>());
        try (KafkaTraceExporter exporter = new KafkaTraceExporter(settings("unused:1", Map.of()), "spans", () -> {
            producers.add(new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()));
            return producers.getLast();
        })) {
            CompletableFuture<ExportOutcome> first = export(exporter, 1);
            await().until(() -> producers.size() == 1 && producers.getFirst().history().size() == 1);
            CompletableFuture<ExportOutcome> second = export(exporter, 2);
            await().until(() -> producers.getFirst().history().size() == 2);

            producers.getFirst().errorNext(new TopicAuthorizationException("no"));
            assertThat(first.join()).isInstanceOf(Unknown.class);
            assertThat(producers.getFirst().closed()).isTrue();
            CompletableFuture<ExportOutcome> third = export(exporter, 3);
            await().until(() -> producers.size() == 2 && producers.getLast().history().size() == 1);
            producers.getFirst().errorNext(new TopicAuthorizationException("no"));
            assertThat(second.join()).isInstanceOf(Unknown.class);

            assertThat(producers.getLast().closed()).isFalse();
            producers.getLast().completeNext();
            assertThat(third.join()).isEqualTo(new ExportOutcome.Exported(0, ""));
        }
        assertThat(producers).hasSize(2).allMatch(MockProducer::closed);
    }

    private static CompletableFuture<ExportOutcome> export(KafkaTraceExporter exporter, int number) {
        return CompletableFuture.supplyAsync(() -> exporter.export(List.of(trace(number))), Thread::startVirtualThread);
    }
}
