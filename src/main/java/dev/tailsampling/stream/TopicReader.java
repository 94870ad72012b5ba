package dev.tailsampling.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads stretches of a topic's partitions, as often as one likes and without a consumer group. Of transactions only what
 * was committed is read. Connects when it is first used; not thread-safe. What Kafka cannot do is an
 * {@link UncheckedIOException}.
 */
public final class TopicReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** After so long without any progress the brokers count as away. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Takes records, in their order. */
    @FunctionalInterface
    public interface Handler {
        /** One record; false if no more are wanted. */
        boolean record(ConsumerRecord<byte[], byte[]> record);
    }

    private final KafkaSettings settings;
    private final String topic;
    private @Nullable Consumer<byte[], byte[]> consumer;

    /** Reads that topic; connects to nothing yet. */
    public TopicReader(KafkaSettings settings, String topic) {
        this.settings = settings;
        this.topic = topic;
    }

    /** The topic that is read. */
    public String topic() {
        return topic;
    }

    /** Offset of the first record that is still there. */
    public long beginningOffset(int partition) {
        return offset(partition, consumer -> consumer.beginningOffsets(List.of(at(partition))));
    }

    /** Where the partition ends for now: the offset after the last record, or of the first open transaction. */
    public long endOffset(int partition) {
        return offset(partition, consumer -> consumer.endOffsets(List.of(at(partition))));
    }

    private long offset(int partition, Function<Consumer<byte[], byte[]>, Map<TopicPartition, Long>> question) {
        Long offset = ask(partition, question).get(at(partition));
        if (offset == null) {
            throw failed("Kafka does not tell the offsets of " + at(partition), null);
        }
        return offset;
    }

    /** Offset of the first record with this timestamp or a later one; empty if there is none. */
    public OptionalLong offsetForTime(int partition, long timestampMillis) {
        OffsetAndTimestamp found = ask(partition,
                consumer -> consumer.offsetsForTimes(Map.of(at(partition), Math.max(0, timestampMillis))))
                .get(at(partition));
        return found == null ? OptionalLong.empty() : OptionalLong.of(found.offset());
    }

    /**
     * Reads records from an offset to another one, or to the end of the partition if that comes first.
     *
     * @return where reading ended: the offset after the last record that was handed over, or a later one if there is
     *     nothing before it
     * @throws MissingOffsetsException if the first record is gone, or is deleted while this reads
     */
    public long read(int partition, long fromInclusive, long untilExclusive, Handler handler) {
        return ask(partition, consumer -> {
            long end = Math.min(untilExclusive, endOffset(partition));
            return fromInclusive >= end
                    ? fromInclusive
                    : new Reading(consumer, partition, end, handler).from(fromInclusive);
        });
    }

    /** The same, but where the first records are gone it begins with those that are there, and says so in the log. */
    public long readFromFirstThere(int partition, long fromInclusive, long untilExclusive, Handler handler) {
        long from = fromInclusive;
        long[] next = {from};
        while (true) {
            try {
                return read(partition, from, untilExclusive, record -> {
                    next[0] = record.offset() + 1;
                    return handler.record(record);
                });
            } catch (MissingOffsetsException e) {
                LOG.warn("spans may be missing: {}", e.getMessage());
                from = Math.max(next[0], e.firstAvailableOffset());
            }
        }
    }

    private TopicPartition at(int partition) {
        return new TopicPartition(topic, partition);
    }

    private <T> T ask(int partition, Function<Consumer<byte[], byte[]>, T> question) {
        try {
            return question.apply(consumer());
        } catch (KafkaException e) {
            throw failed(topic + "/" + partition + " cannot be read: " + KafkaErrors.sentence(e), e);
        }
    }

    private static UncheckedIOException failed(String sentence, @Nullable Throwable cause) {
        return new UncheckedIOException(sentence, new IOException(sentence, cause));
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> connected = consumer;
        if (connected == null) {
            connected = new KafkaConsumer<>(settings.reader());
            consumer = connected;
        }
        return connected;
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }

    /** One stretch, which is not empty. */
    private final class Reading {

        private final Consumer<byte[], byte[]> consumer;
        private final TopicPartition partition;
        private final long end;
        private final Handler handler;

        Reading(Consumer<byte[], byte[]> consumer, int partition, long end, Handler handler) {
            this.consumer = consumer;
            this.partition = at(partition);
            this.end = end;
            this.handler = handler;
        }

        long from(long fromInclusive) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, fromInclusive);
            try {
                return run();
            } catch (OffsetOutOfRangeException e) {
                throw new MissingOffsetsException(partition,
                        e.offsetOutOfRangePartitions().getOrDefault(partition, fromInclusive),
                        beginningOffset(partition.partition()));
            } finally {
                // What was fetched beyond the stretch is not kept.
                consumer.unsubscribe();
            }
        }

        /** The position also passes what is no record: ends of transactions, aborted records, compacted ones. */
        private long run() {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            long position = consumer.position(partition);
            while (position < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() >= end) {
                        return end;
                    }
                    if (!handler.record(record)) {
                        return record.offset() + 1;
                    }
                }
                long reached = consumer.position(partition);
                if (reached > position) {
                    deadline = System.nanoTime() + PATIENCE.toNanos();
                } else if (System.nanoTime() - deadline > 0) {
                    throw failed("Kafka has not answered for " + PATIENCE.toSeconds() + " s, reading " + topic + "/"
                            + partition.partition() + " at offset " + position, null);
                }
                position = reached;
            }
            return end;
        }
    }
}
