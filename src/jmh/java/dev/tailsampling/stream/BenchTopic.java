package dev.tailsampling.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A broker with the records of files in one topic each, until its standard input ends.
 *
 * <p>Arguments: TOPIC FILE …, pairs. Says {@code ready HOST:PORT} when all records are there.
 */
final class BenchTopic {

    private static final int PARTITIONS = 4;
    private static final String MAX_BYTES = "8388608";

    private BenchTopic() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        try (LocalKafka kafka = LocalKafka.start(Map.of("message.max.bytes", MAX_BYTES,
                "replica.fetch.max.bytes", MAX_BYTES, "log.segment.bytes", "1073741824"))) {
            for (int i = 0; i < arguments.length; i += 2) {
                kafka.createTopic(arguments[i], PARTITIONS);
                produce(kafka.bootstrap(), arguments[i], Path.of(arguments[i + 1]));
            }
            System.out.println("ready " + kafka.bootstrap());
            while (System.in.read() >= 0) {
                // Only its end says something.
            }
        }
    }

    private static void produce(String bootstrap, String topic, Path file)
            throws IOException, InterruptedException, ExecutionException {
        Map<String, Object> properties = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_BYTES, ProducerConfig.LINGER_MS_CONFIG, "20",
                ProducerConfig.BATCH_SIZE_CONFIG, "1048576");
        Future<?>[] last = {null};
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            RecordFile.read(file, (partition, timestampMillis, key, value) -> last[0] = producer.send(
                    new ProducerRecord<>(topic, partition < 0 ? null : partition, timestampMillis,
                            key.length == 0 ? null : key, value)));
            producer.flush();
        }
        if (last[0] != null) {
            last[0].get();
        }
    }
}
