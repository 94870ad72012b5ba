package dev.tailsampling.stream;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.trace.TraceId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A consumer and a producer that work together until one of them fails. What was read since the last commit is in one
 * open transaction. Any exception ends the session. Not thread-safe.
 */
final class RepartitionSession implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    /** Whatever takes longer has failed. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final long MAX_TRANSACTION_BYTES = 16 << 20;

    private final Repartitioner.Plan plan;
    private final Repartitioner.DeadLetters deadLetters;
    private final RepartitionNumbers.Counters counters;
    private final int maxValueBytes;
    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    private boolean open;
    private long openedNanos;
    private long recordsRead;
    private long recordsWritten;
    private long bytesWritten;

    RepartitionSession(Repartitioner.Plan plan, KafkaSettings settings, String transactionalId,
            Repartitioner.DeadLetters deadLetters, RepartitionNumbers.Counters counters) {
        this.plan = plan;
        this.deadLetters = deadLetters;
        this.counters = counters;
        this.maxValueBytes = settings.maxValueBytes();
        Map<String, Object> properties = settings.producer();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                (int) Repartitioner.TRANSACTION_TIMEOUT.toMillis());
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
        this.producer = new KafkaProducer<>(properties);
        try {
            Map<String, Object> members = settings.groupConsumer();
            members.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
            this.consumer = new KafkaConsumer<>(members);
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** Reads what there is and writes it; commits if it is time to. */
    void step() {
        if (consumer.subscription().isEmpty()) {
            producer.initTransactions();
            consumer.subscribe(List.of(plan.inputTopic()), new Listener());
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(open ? untilCommit() : POLL)) {
            begin();
            repartition(record);
            recordsRead++;
            offsets.put(new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
        }
        if (open && (bytesWritten > MAX_TRANSACTION_BYTES || untilCommit().isZero())) {
            commit();
        }
    }

    private Duration untilCommit() {
        Duration left = plan.transactionInterval().minusNanos(System.nanoTime() - openedNanos);
        return left.isNegative() ? Duration.ZERO : left.compareTo(POLL) < 0 ? left : POLL;
    }

    private void begin() {
        if (!open) {
            producer.beginTransaction();
            open = true;
            openedNanos = System.nanoTime();
        }
    }

    private void repartition(ConsumerRecord<byte[], byte[]> record) {
        try {
            byte[] otlp = plan.decoder().decode(record.value());
            SpanParts.byTrace(otlp).forEach((traceId, spans) -> send(record, traceId, spans));
        } catch (MalformedOtlpException e) {
            passOver(record, String.valueOf(e.getMessage()));
        }
    }

    private void passOver(ConsumerRecord<byte[], byte[]> record, String reason) {
        counters.undecodable.increment();
        deadLetters.undecodable(record.topic() + "/" + record.partition(), new SourceRow(record.partition(),
                record.offset(), record.timestamp(), OffsetLocations.of(record.offset())), reason);
    }

    private void send(ConsumerRecord<byte[], byte[]> record, TraceId traceId, byte[] spans) {
        byte[] key = traceId.hex().getBytes(StandardCharsets.US_ASCII);
        for (byte[] value : SpanParts.bySize(spans, maxValueBytes)) {
            if (value.length > maxValueBytes) {
                passOver(record, "a span of " + value.length + " bytes in trace " + traceId + " is larger than the "
                        + maxValueBytes + " that max.request.size in kafka.properties allows");
            } else {
                // Whatever fails of a transaction fails its commit.
                var unused = producer.send(written(record, key, value));
                recordsWritten++;
                bytesWritten += value.length;
            }
        }
    }

    private ProducerRecord<byte[], byte[]> written(ConsumerRecord<byte[], byte[]> record, byte[] key, byte[] value) {
        Long timestamp = record.timestamp() < 0 ? null : record.timestamp();
        byte[] place = (record.partition() + "/" + record.offset()).getBytes(StandardCharsets.US_ASCII);
        return new ProducerRecord<>(plan.outputTopic(), null, timestamp, key, value,
                List.of(new RecordHeader(Repartitioner.INPUT_HEADER, place)));
    }

    /** Commits what was written together with how far was read; if the group has changed meanwhile, all of it is undone. */
    void commit() {
        if (!open) {
            return;
        }
        try {
            producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
            producer.commitTransaction();
            counters.transactions.increment();
            counters.recordsRead.add(recordsRead);
            counters.recordsWritten.add(recordsWritten);
            counters.bytesWritten.add(bytesWritten);
            ended();
        } catch (CommitFailedException e) {
            abort();
        }
    }

    private void abort() {
        producer.abortTransaction();
        Set<TopicPartition> undone = Set.copyOf(offsets.keySet());
        ended();
        Set<TopicPartition> ours = consumer.assignment();
        consumer.committed(undone).forEach((partition, committed) -> {
            if (committed != null && ours.contains(partition)) {
                consumer.seek(partition, committed);
            }
        });
    }

    private void ended() {
        open = false;
        offsets.clear();
        recordsRead = 0;
        recordsWritten = 0;
        bytesWritten = 0;
    }

    /** Records still to be read in partitions of this member, as far as is known. */
    long lag() {
        return consumer.assignment().stream().map(consumer::currentLag).mapToLong(each -> each.orElse(0)).sum();
    }

    /** Undoes what was not committed. */
    @Override
    public void close() {
        boolean undo = open;
        // The consumer gives its partitions back when it is closed, and then nothing is to be committed any more.
        ended();
        try {
            if (undo) {
                producer.abortTransaction();
            }
        } catch (KafkaException | IllegalStateException e) {
            // The brokers do so after the transaction's time.
        } finally {
            producer.close(CLOSE_PATIENCE);
            consumer.close();
        }
    }

    private final class Listener implements ConsumerRebalanceListener {

        /** Before others read on. */
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit();
        }

        /** Others read already. */
        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            if (open) {
                producer.abortTransaction();
                ended();
            }
        }

        /** Where nothing was committed yet, the beginning is: else it could be a later one after the next rebalance. */
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> begin = new HashMap<>();
            consumer.committed(Set.copyOf(partitions)).forEach((partition, committed) -> {
                if (committed == null) {
                    begin.put(partition, new OffsetAndMetadata(consumer.position(partition)));
                }
            });
            if (!begin.isEmpty()) {
                consumer.commitSync(begin);
            }
        }
    }
}
