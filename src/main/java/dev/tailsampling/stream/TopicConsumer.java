package dev.tailsampling.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
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
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(2);
    private static final long LOOK_EVERY_MILLIS = 1_000;
    private static final long MIN_QUEUE_BYTES = 256 << 10;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a consumer needs of the whole. */
    interface Owner extends AutoCloseable {
        /** A task for a partition that has come; `fetchFrom` is thread-safe. */
        PartitionTask task(int partition, FetchFrom fetchFrom);

        /** Records have come, or time has passed. */
        void wake(PartitionTask task);

        /** Whether everything that was sent before now stands in the topic. May ask a server. */
        boolean isUpstreamRead();

        /** Ends the tasks of partitions that go; what they decided is recorded. The offsets are to be committed. */
        Map<Integer, Long> end(Collection<PartitionTask> tasks);

        /** Ends the tasks of partitions that others have taken over already. */
        void lost(Collection<PartitionTask> tasks);

        /** Something went wrong that nothing mends. */
        void failed(Throwable failure);

        /** The consumer has ended. */
        @Override
        void close();
    }

    /** Lets a task's records be fetched. */
    interface FetchFrom {
        /** From this offset on, or from where the group begins if it is negative. */
        void accept(PartitionTask task, long offset);
    }

    private final String topic;
    private final Owner owner;
    private final Settings settings;
    private final Map<Integer, PartitionTask> tasks = new ConcurrentHashMap<>();
    private final Map<Integer, Long> beginnings = new HashMap<>();
    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Long> toCommit = new ConcurrentHashMap<>();
    private final Consumer<byte[], byte[]> consumer;
    private volatile boolean stopping;
    private volatile String problem = "";
    private long lookedMillis;

    /**
     * How to consume.
     *
     * @param queueBytes size of the records that may wait for workers, of all partitions together
     * @param timeSlack by how much the time of a partition that is read to its end follows the clock
     * @param commits whether offsets are to be committed
     * @param reset where a partition begins of which nothing is committed
     */
    record Settings(long queueBytes, Duration timeSlack, boolean commits, KafkaSettings.OffsetReset reset) {}

    /**
     * Connects when it runs.
     *
     * @param factory makes a client that is subscribed to the topic with the listener, and resets no offset by itself
     */
    TopicConsumer(String topic, Function<ConsumerRebalanceListener, Consumer<byte[], byte[]>> factory, Owner owner,
            Settings settings) {
        this.topic = topic;
        this.owner = owner;
        this.settings = settings;
        this.consumer = factory.apply(this);
    }

    /** Why the topic is not read, in one sentence; empty if it is. */
    String problem() {
        return problem;
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
        try (Owner informed = owner; Consumer<byte[], byte[]> ending = consumer) {
            while (!stopping) {
                turn(ending);
            }
            onPartitionsRevoked(tasks.keySet().stream().map(this::partition).toList());
        } catch (Throwable e) {
            owner.failed(e);
        }
    }

    private void turn(Consumer<byte[], byte[]> client) {
        try {
            act();
            pauseAndResume(client);
            fetch(client);
            lookWhetherAllIsRead(client);
            commit(client);
            note(isConnected(client) ? "" : "no broker of the topic " + topic + " can be reached");
        } catch (WakeupException e) {
            // Somebody called stop.
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach(this::skipWhatIsGone);
        } catch (KafkaException e) {
            LOG.debug("the topic {} cannot be read at the moment", topic, e);
            note("the topic " + topic + " cannot be read: " + e.getMessage());
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** A client that has no broker to talk to says nothing but in its log. */
    private static boolean isConnected(Consumer<byte[], byte[]> client) {
        return client.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("connection-count"))
                .noneMatch(metric -> metric.getValue().metricValue() instanceof Number connections
                        && connections.intValue() == 0);
    }

    private void note(String sentence) {
        if (!sentence.equals(problem) && !sentence.isEmpty()) {
            LOG.warn("{}", sentence);
        }
        problem = sentence;
    }

    /** What cannot be done now is done in another turn. */
    private void act() {
        for (int left = actions.size(); left > 0; left--) {
            Runnable action = actions.remove();
            try {
                action.run();
            } catch (KafkaException e) {
                actions.add(action);
                throw e;
            }
        }
    }

    private void fetch(Consumer<byte[], byte[]> client) {
        ConsumerRecords<byte[], byte[]> records = client.poll(POLL);
        for (PartitionTask task : tasks.values()) {
            if (task.queue().isOpen()) {
                TopicPartition partition = partition(task.partition());
                task.queue().add(records.records(partition));
                task.queue().lag(client.currentLag(partition).orElse(0));
            }
            owner.wake(task);
        }
    }

    /**
     * A partition that is read to its end has come as far as the clock: everything sent before now has been read. That is
     * asked of the broker, since a partition from which nothing comes may also be one that nobody can reach.
     */
    private void lookWhetherAllIsRead(Consumer<byte[], byte[]> client) {
        long now = System.currentTimeMillis();
        if (now - lookedMillis < LOOK_EVERY_MILLIS) {
            return;
        }
        lookedMillis = now;
        Set<TopicPartition> paused = client.paused();
        List<PartitionTask> quiet = tasks.values().stream().filter(task -> task.queue().isOpen())
                .filter(task -> task.queue().isEmpty() && !paused.contains(partition(task.partition()))).toList();
        if (quiet.isEmpty() || !owner.isUpstreamRead()) {
            return;
        }
        Map<TopicPartition, Long> ends = client.endOffsets(
                quiet.stream().map(task -> partition(task.partition())).toList(), LOOK_TIMEOUT);
        for (PartitionTask task : quiet) {
            TopicPartition partition = partition(task.partition());
            Long end = ends.get(partition);
            if (end != null && client.position(partition, LOOK_TIMEOUT) >= end && task.queue().isEmpty()) {
                task.queue().idleTime(now - settings.timeSlack().toMillis());
            }
        }
    }

    private void pauseAndResume(Consumer<byte[], byte[]> client) {
        long bytes = Math.max(MIN_QUEUE_BYTES, settings.queueBytes() / Math.max(1, tasks.size()));
        for (PartitionTask task : tasks.values()) {
            TopicPartition partition = partition(task.partition());
            long queued = task.queue().bytes();
            if (queued > bytes || !task.queue().isOpen()) {
                client.pause(List.of(partition));
            } else if (queued <= bytes / 2) {
                client.resume(List.of(partition));
            }
        }
    }

    private void commit(Consumer<byte[], byte[]> client) {
        if (!toCommit.isEmpty()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = offsets(Map.copyOf(toCommit));
            toCommit.clear();
            if (settings.commits()) {
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
                if (offset >= 0) {
                    seek(partition, offset);
                } else {
                    seekBeginning(partition);
                }
                task.queue().open();
                consumer.resume(List.of(partition));
            }
        });
    }

    private void seek(TopicPartition partition, long offset) {
        long end = consumer.endOffsets(List.of(partition), CALL_TIMEOUT).getOrDefault(partition, offset);
        if (offset > end && first(partition) == 0) {
            throw new KafkaException(partition + " ends at offset " + end + ", but had been read up to " + offset
                    + ": the topic was created anew; sample it under another name, or with a ledger of its own");
        }
        consumer.seek(partition, offset);
        skipWhatIsGone(partition, offset);
    }

    private long first(TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition), CALL_TIMEOUT).getOrDefault(partition, 0L);
    }

    private void skipWhatIsGone(TopicPartition partition, long offset) {
        long first = first(partition);
        if (first > offset) {
            LOG.error(
                    "{} records of {} are gone that were not read yet: the topic keeps records from offset {} on; let it "
                            + "keep them for longer",
                    first - offset, partition, first);
            consumer.seek(partition, first);
        }
    }

    /** After a failure before anything was recorded, or in another process, it begins again where it first did. */
    private void seekBeginning(TopicPartition partition) {
        Long began = beginnings.get(partition.partition());
        if (began == null) {
            OffsetAndMetadata committed = consumer.committed(Set.of(partition), CALL_TIMEOUT).get(partition);
            began = committed == null ? reset(partition) : Long.valueOf(committed.offset());
            if (committed == null) {
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(began)), CALL_TIMEOUT);
            }
            beginnings.put(partition.partition(), began);
        }
        consumer.seek(partition, began);
        skipWhatIsGone(partition, began);
    }

    private long reset(TopicPartition partition) {
        return switch (settings.reset()) {
            case EARLIEST -> first(partition);
            case LATEST -> consumer.endOffsets(List.of(partition), CALL_TIMEOUT).getOrDefault(partition, 0L);
            case NONE -> throw new KafkaException("no offset of " + partition
                    + " is committed, and kafka.auto_offset_reset is none: set it to earliest or latest");
        };
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
        // Nothing is fetched before its task knows from where on; without a position the client would complain.
        partitions.forEach(partition -> consumer.seek(partition, 0));
        List<PartitionTask> come = partitions.stream()
                .map(partition -> owner.task(partition.partition(), this::fetchFrom)).toList();
        come.forEach(task -> tasks.put(task.partition(), task));
        come.forEach(owner::wake);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(owner.end(leave(partitions)));
        if (settings.commits() && !offsets.isEmpty()) {
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
