package dev.tailsampling.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.stream.KafkaSettings.Tls;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicReaderTest {

    private static final LocalKafka KAFKA = LocalKafka.shared();

    private final String topic = KAFKA.newTopic(2);
    private final TopicReader reader = new TopicReader(Records.settings(KAFKA, "unused"), topic);

    @AfterEach
    void close() {
        reader.close();
    }

    @Test
    void readsAStretchOfOnePartition() {
        send(1, 0, 10);
        send(0, 0, 5);

        assertThat(read(1, 3, 7)).containsExactly("1:3=3", "1:4=4", "1:5=5", "1:6=6");
        // The same again, and another one.
        assertThat(read(1, 3, 5)).containsExactly("1:3=3", "1:4=4");
        assertThat(read(0, 0, 100)).containsExactly("0:0=0", "0:1=1", "0:2=2", "0:3=3", "0:4=4");
        assertThat(read(0, 7, 9)).isEmpty();
    }

    @Test
    void stopsWhenTheHandlerHasEnough() {
        send(0, 0, 10);
        List<Long> seen = new ArrayList<>();

        long next = reader.read(0, 2, 10, record -> {
            seen.add(record.offset());
            return record.offset() < 4;
        });

        assertThat(seen).containsExactly(2L, 3L, 4L);
        assertThat(next).isEqualTo(5);
        assertThat(read(0, 8, 10)).hasSize(2);
    }

    @Test
    void knowsBothEnds() {
        assertThat(reader.endOffset(0)).isZero();
        send(0, 0, 4);
        Records.deleteBefore(KAFKA, topic, 0, 1);

        assertThat(reader.beginningOffset(0)).isEqualTo(1);
        assertThat(reader.endOffset(0)).isEqualTo(4);
        assertThat(reader.beginningOffset(1)).isZero();
    }

    @Test
    void findsOffsetsByTime() {
        send(0, 0, 10);

        assertThat(reader.offsetForTime(0, 5_500)).isEqualTo(OptionalLong.of(6));
        assertThat(reader.offsetForTime(0, -1)).isEqualTo(OptionalLong.of(0));
        assertThat(reader.offsetForTime(0, 10_000)).isEmpty();
        assertThat(reader.offsetForTime(1, 0)).isEmpty();
    }

    @Test
    void passesTheEndsOfTransactionsAndWhatWasAborted() {
        try (Producer<byte[], byte[]> producer = Records.producer(KAFKA, Map.of("transactional.id", topic))) {
            producer.initTransactions();
            transaction(producer, 0, 2, true);
            transaction(producer, 2, 5, false);
            transaction(producer, 5, 6, true);
            transaction(producer, 6, 8, false);
        }
        // Offsets 2, 6, 8 and 11 are the transactions' ends.
        assertThat(reader.endOffset(0)).isEqualTo(12);
        assertThat(read(0, 0, 12)).containsExactly("0:0=0", "0:1=1", "0:7=5");
        assertThat(reader.read(0, 8, 12, record -> true)).isEqualTo(12);
        assertThat(read(0, 2, 7)).isEmpty();
    }

    @Test
    void endsBeforeAnOpenTransaction() {
        send(0, 0, 2);
        try (Producer<byte[], byte[]> producer = Records.producer(KAFKA, Map.of("transactional.id", topic))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record(0, 2));
            producer.flush();
            send(0, 3, 4);

            assertThat(reader.endOffset(0)).isEqualTo(2);
            assertThat(read(0, 0, 100)).hasSize(2);
            producer.commitTransaction();
        }
        assertThat(read(0, 0, 100)).containsExactly("0:0=0", "0:1=1", "0:2=2", "0:3=3");
    }

    @Test
    void saysWhatIsGone() {
        send(0, 0, 10);
        Records.deleteBefore(KAFKA, topic, 0, 6);

        assertThatThrownBy(() -> read(0, 2, 10)).isInstanceOfSatisfying(MissingOffsetsException.class,
                missing -> assertThat(missing.firstAvailableOffset()).isEqualTo(6))
                .hasMessage("offset 2 of " + topic + "/0 is gone, the first one that is there is 6; keep the topic's "
                        + "records for longer (retention.ms, retention.bytes)");
        List<Long> seen = new ArrayList<>();
        assertThat(reader.readFromFirstThere(0, 2, 9, record -> seen.add(record.offset()))).isEqualTo(9);
        assertThat(seen).containsExactly(6L, 7L, 8L);
        assertThat(reader.readFromFirstThere(0, 2, 5, record -> seen.add(record.offset()))).isEqualTo(6);
    }

    @Test
    void failsInOneSentence() {
        KafkaSettings impatient = new KafkaSettings(KAFKA.bootstrap(), null, Tls.NONE,
                Records.settings(KAFKA, "unused").group(), Map.of("default.api.timeout.ms", "500",
                        "request.timeout.ms", "400"));
        try (TopicReader nowhere = new TopicReader(impatient, "no-such-topic")) {
            assertThatThrownBy(() -> nowhere.read(7, 0, 1, record -> true)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("no-such-topic/7 cannot be read");
        }
    }

    private List<String> read(int partition, long from, long until) {
        List<String> read = new ArrayList<>();
        reader.read(partition, from, until, record -> read.add(record.partition() + ":" + record.offset() + "="
                + new String(record.value(), StandardCharsets.UTF_8)));
        return read;
    }

    private void send(int partition, int from, int until) {
        Records.send(KAFKA, Records.numbers(from, until).stream().map(number -> record(partition, number)).toList());
    }

    /** Its timestamp is its number in seconds. */
    private ProducerRecord<byte[], byte[]> record(int partition, int number) {
        return Records.record(topic, partition, number * 1_000L, Records.utf8(String.valueOf(number)));
    }

    private void transaction(Producer<byte[], byte[]> producer, int from, int until, boolean commit) {
        producer.beginTransaction();
        Records.numbers(from, until).forEach(number -> producer.send(record(0, number)));
        producer.flush();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }
}
