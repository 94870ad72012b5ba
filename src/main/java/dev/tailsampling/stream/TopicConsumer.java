package dev.tailsampling.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of the consumer group: fetches records of the partitions that it is given into their tasks' queues, pauses
 * those that are full, and commits offsets. A partition that is taken away is let go only when its cycle has ended and its
 * decisions are recorded, so that the next owner goes on exactly there. Its thread is the only one that touches the Kafka
 * client.
 */
final class TopicConsumer implements Runnable, ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(TopicConsumer.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    /** What a consumer needs of the whole. */
    interface Owner {
        /** A task for a partition that has come; `fetchFrom` is thread-safe. */
        PartitionTask task(int partition, FetchFrom fetchFrom);

        /** Records have come, or time has passed. */
        void wake(PartitionTask task);

        /** Ends the tasks of partitions that go; what they decided is recorded. The offsets are to be committed. */
        Map<Integer, Long> end(Collection<PartitionTask> tasks);

        /** Ends the tasks of partitions that others have taken over already. */
        void lost(Collection<PartitionTask> tasks);

        /** The consumer works, or why it does not. */
        void noted(String problem);
    }

    /** Lets a task's records be fetched. */
    interface FetchFrom {
        /** From this offset on, or from where the group begins if it is negative. */
        void accept(PartitionTask task, long offset);
    }

    private final String topic;
    private final Owner owner;
    private final long queueBytes;
    private final long slackMillis;
    private final boolean commits;
    private final Map<Integer, PartitionTask> tasks = new ConcurrentHashMap<>();
    private final Map<Integer, Long> beginnings = new HashMap<>();
    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Long> toCommit = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private final Consumer<byte[], byte[]> consumer;

    /**
     * Connects when it runs.
     *
     * @param factory makes a client that is subscribed to the topic with the listener
     * @param queueBytes size of a partition's records above which no more are fetched
     * @param slackMillis by how much the time of a partition that is read to its end follows the clock
     * @param commits whether offsets are to be committed
     */
    TopicConsumer(String topic, Function<ConsumerRebalanceListener, Consumer<byte[], byte[]>> factory, Owner owner,
            long queueBytes, long slackMillis, boolean commits) {
        this.topic = topic;
        this.owner = owner;
        this.queueBytes = queueBytes;
        this.slackMillis = slackMillis;
        this.commits = commits;
        this.consumer = factory.apply(this);
    }

    Collection<PartitionTask> tasks() {
        return tasks.values();
    }

    /** To be committed soon: these partitions need not be read below these offsets any more. */
    void commitSoon(Map<Integer, Long> offsets) {
        offsets.forEach((partition, offset) -> {
            if (tasks.containsKey(partition)) {
                toCommit.put(partition, offset);
            }
        });
    }

    /** Lets {@link #run} end. */
    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    @Override
    public void run() {
        try (Consumer<byte[], byte[]> ending = consumer) {
            while (!stopping) {
                turn(ending);
            }
            onPartitionsRevoked(tasks.keySet().stream().map(this::partition).toList());
        }
    }

    private void turn(Consumer<byte[], byte[]> client) {
        try {
            for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
                action.run();
            }
            pauseAndResume(client);
            fetch(client);
            commit(client);
            owner.noted("");
        } catch (WakeupException e) {
            // Somebody called stop.
        } catch (KafkaException e) {
            LOG.debug("the topic {} cannot be read at the moment", topic, e);
            owner.noted("the topic " + topic + " cannot be read: " + e.getMessage());
        }
    }

    private void fetch(Consumer<byte[], byte[]> client) {
        long before = System.currentTimeMillis();
        ConsumerRecords<byte[], byte[]> records = client.poll(POLL);
        for (PartitionTask task : tasks.values()) {
            if (task.queue().isOpen()) {
                TopicPartition partition = partition(task.partition());
                var fetched = records.records(partition);
                task.queue().add(fetched);
                OptionalLong lag = client.currentLag(partition);
                task.queue().lag(lag.orElse(0));
                if (fetched.isEmpty() && lag.isPresent() && lag.getAsLong() == 0) {
                    task.queue().idleTime(before - slackMillis);
                }
            }
            owner.wake(task);
        }
    }

    private void pauseAndResume(Consumer<byte[], byte[]> client) {
        for (PartitionTask task : tasks.values()) {
            TopicPartition partition = partition(task.partition());
            long queued = task.queue().bytes();
            if (queued > queueBytes || !task.queue().isOpen()) {
                client.pause(List.of(partition));
            } else if (queued <= queueBytes / 2) {
                client.resume(List.of(partition));
            }
        }
    }

    private void commit(Consumer<byte[], byte[]> client) {
        if (!toCommit.isEmpty()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = offsets(Map.copyOf(toCommit));
            toCommit.clear();
            if (commits) {
                client.commitAsync(offsets, (committed, failure) -> {
                    if (failure != null) {
                        LOG.debug("offsets {} were not committed; the ledger has them, too", committed, failure);
                    }
                });
            }
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Map<Integer, Long> byPartition) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        byPartition.forEach((number, offset) -> offsets.put(partition(number), new OffsetAndMetadata(offset)));
        return offsets;
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    /** For any thread; done by the thread of this consumer. */
    private void fetchFrom(PartitionTask task, long offset) {
        actions.add(() -> {
            if (tasks.get(task.partition()) == task) {
                TopicPartition partition = partition(task.partition());
                seek(partition, offset);
                task.queue().open();
                consumer.resume(List.of(partition));
            }
        });
    }

    private void seek(TopicPartition partition, long offset) {
        if (offset >= 0) {
            long first = consumer.beginningOffsets(List.of(partition), CALL_TIMEOUT).getOrDefault(partition, 0L);
            if (first > offset) {
                LOG.error(
                        "{} records of {} are gone that were not read yet: the topic keeps records from offset {} on; "
                                + "let it keep them for longer",
                        first - offset, partition, first);
            }
            consumer.seek(partition, Math.max(first, offset));
        } else {
            // After a failure before anything was recorded it begins again where it first did.
            Long began = beginnings.get(partition.partition());
            if (began == null) {
                beginnings.put(partition.partition(), consumer.position(partition, CALL_TIMEOUT));
            } else {
                consumer.seek(partition, began);
            }
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
        for (TopicPartition partition : partitions) {
            PartitionTask task = owner.task(partition.partition(), this::fetchFrom);
            tasks.put(partition.partition(), task);
            owner.wake(task);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(owner.end(leave(partitions)));
        if (commits && !offsets.isEmpty()) {
            try {
                consumer.commitSync(offsets, CALL_TIMEOUT);
            } catch (KafkaException e) {
                LOG.debug("the last offsets were not committed; the ledger has them, too", e);
            }
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        owner.lost(leave(partitions));
    }

    private List<PartitionTask> leave(Collection<TopicPartition> partitions) {
        List<PartitionTask> leaving = partitions.stream().map(TopicPartition::partition).map(tasks::remove)
                .filter(Objects::nonNull).toList();
        leaving.forEach(task -> {
            beginnings.remove(task.partition());
            toCommit.remove(task.partition());
        });
        return leaving;
    }
}
