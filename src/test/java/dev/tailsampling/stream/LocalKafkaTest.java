package dev.tailsampling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class LocalKafkaTest {

    @Test
    void keepsItsDataWhenItIsStoppedOrKilled() throws Exception {
        try (LocalKafka kafka = LocalKafka.start(Map.of())) {
            kafka.createTopic("spans", 2);
            send(kafka, "one");
            kafka.stop();
            kafka.startAgain();
            send(kafka, "two");
            kafka.kill();
            kafka.startAgain();
            send(kafka, "three");

            assertThat(read(kafka, 3)).containsExactly("one", "two", "three");
        }
    }

    private static void send(LocalKafka kafka, String value) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrap()),
                        new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("spans", 1, null, value)).get();
        }
    }

    private static List<String> read(LocalKafka kafka, int count) {
        TopicPartition partition = new TopicPartition("spans", 1);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrap()),
                        new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (values.size() < count && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
