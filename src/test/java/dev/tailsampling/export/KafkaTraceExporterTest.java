package dev.tailsampling.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.stream.KafkaSettings;
import dev.tailsampling.stream.KafkaSettings.Group;
import dev.tailsampling.stream.KafkaSettings.OffsetReset;
import dev.tailsampling.stream.KafkaSettings.Protocol;
import dev.tailsampling.stream.KafkaSettings.Tls;
import dev.tailsampling.stream.KafkaTraceExporter;
import dev.tailsampling.stream.LocalKafka;
import dev.tailsampling.stream.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaTraceExporterTest extends TraceExporterContract {

    private static final LocalKafka KAFKA = LocalKafka.shared();

    private final String topic = KAFKA.newTopic(1);
    private final KafkaTraceExporter exporter = new KafkaTraceExporter(settings(Map.of()), topic);

    @Override
    KafkaTraceExporter exporter() {
        return exporter;
    }

    @AfterEach
    void close() {
        exporter.close();
    }

    @Override
    List<String> received() {
        return records(topic, 1).stream().flatMap(record -> SampledTraces.spanIds(record.value())).toList();
    }

    @Test
    void tracesAreKeyedByTheirId() {
        String keyed = KAFKA.newTopic(8);
        List<SampledTrace> batch = IntStream.range(0, 100).mapToObj(i -> SampledTraces.trace(i % 20, 1)).toList();
        try (KafkaTraceExporter toMany = new KafkaTraceExporter(settings(Map.of()), keyed)) {
            assertThat(toMany.export(batch)).isEqualTo(DONE);
        }
        Set<String> places = new HashSet<>();
        List<String> spans = new ArrayList<>();
        records(keyed, 8).forEach(record -> {
            String key = new String(record.key(), StandardCharsets.US_ASCII);
            places.add(key + " in " + record.partition());
            SampledTraces.spanIds(record.value()).forEach(span -> {
                assertThat(span).startsWith(key + "/");
                spans.add(span);
            });
        });
        assertThat(places).hasSize(20);
        assertThat(spans).containsExactlyInAnyOrderElementsOf(SampledTraces.spanIds(batch));
    }

    @Test
    void largeTracesAreCutBetweenSpans() {
        SampledTrace large = SampledTraces.trace(1, 200);
        try (KafkaTraceExporter small = new KafkaTraceExporter(settings(Map.of("max.request.size", "3000")), topic)) {
            assertThat(small.export(List.of(large))).isEqualTo(DONE);
        }
        assertThat(received()).containsExactlyElementsOf(SampledTraces.spanIds(List.of(large)));
        assertThat(records(topic, 1)).hasSizeGreaterThan(5).allMatch(record -> record.value().length < 3_000);
    }

    @Test
    void aSpanThatIsTooLargeIsRefused() {
        SampledTrace tooLarge = SampledTraces.traceOfBytes(1, 2_000_000);

        assertThat(exporter.export(List.of(tooLarge))).isInstanceOfSatisfying(ExportOutcome.Refused.class,
                refused -> assertThat(refused.reason()).startsWith("topic " + topic + ": The message is "));
        assertThat(exporter.export(List.of(tooLarge, SampledTraces.trace(2, 3)))).isInstanceOfSatisfying(
                ExportOutcome.Exported.class, exported -> assertThat(exported.rejectedSpans()).isOne());
        assertThat(received()).hasSize(3);
    }

    @Test
    void theOutcomeIsUnknownWhileNobodyAnswers() {
        Map<String, String> impatient =
                Map.of("max.block.ms", "300", "request.timeout.ms", "200", "delivery.timeout.ms",
                        "300");
        try (KafkaTraceExporter nowhere = new KafkaTraceExporter(settings(impatient), "no-such-topic")) {
            assertThat(nowhere.export(List.of(SampledTraces.trace(1, 1)))).isInstanceOf(ExportOutcome.Unknown.class);
            KAFKA.createTopic("no-such-topic", 1);
            ExportOutcome outcome = nowhere.export(List.of(SampledTraces.trace(1, 1)));
            for (int tries = 0; tries < 20 && !outcome.equals(DONE); tries++) {
                outcome = nowhere.export(List.of(SampledTraces.trace(1, 1)));
            }
            assertThat(outcome).isEqualTo(DONE);
        }
    }

    @Test
    void aBrokerThatCannotBeFoundIsAnOutcome() {
        KafkaSettings wrong = new KafkaSettings("no-such-host.invalid:9092", null, Tls.NONE, group(), Map.of());
        try (KafkaTraceExporter nowhere = new KafkaTraceExporter(wrong, topic)) {
            assertThat(nowhere.export(List.of(SampledTraces.trace(1, 1)))).isInstanceOfSatisfying(
                    ExportOutcome.Unknown.class, unknown -> assertThat(unknown.reason()).contains("topic " + topic));
        }
    }

    @Test
    void severalThreadsMaySend() {
        assertThat(IntStream.range(0, 40).parallel()
                .mapToObj(i -> exporter.export(List.of(SampledTraces.trace(i, 2)))).toList()).containsOnly(DONE);
        assertThat(received()).hasSize(80).doesNotHaveDuplicates();
    }

    @Test
    void sizesMustBeNumbers() {
        assertThatThrownBy(() -> new KafkaTraceExporter(settings(Map.of("max.request.size", "1MB")), topic))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("max.request.size must be a number of bytes, more than 1024: 1MB");
    }

    private static KafkaSettings settings(Map<String, String> properties) {
        return new KafkaSettings(KAFKA.bootstrap(), null, Tls.NONE, group(), properties);
    }

    private static Group group() {
        return new Group("unused", Protocol.CONSUMER, null, Duration.ofSeconds(10), OffsetReset.NONE);
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic, int partitions) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (TopicReader reader = new TopicReader(settings(Map.of()), topic)) {
            for (int partition = 0; partition < partitions; partition++) {
                reader.read(partition, 0, Long.MAX_VALUE, record -> records.add(record));
            }
        }
        return records;
    }
}
