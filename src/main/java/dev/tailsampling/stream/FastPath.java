package dev.tailsampling.stream;

import dev.tailsampling.selector.CycleGroupLog;
import dev.tailsampling.selector.ExportOutcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples a topic as its spans come: a member of a consumer group that decides on the traces of its partitions in memory.
 * Thread-safe.
 */
public final class FastPath implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FastPath.class);
    private static final Duration COMMIT_PATIENCE = Duration.ofMillis(500);
    /** An export that is under way may take this long before a partition is given away. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(60);

    /**
     * How to read.
     *
     * @param kafka how to reach the brokers, with the group
     * @param topic of spans, all of one trace in one partition
     * @param encoding of its records; null to look at each
     * @param consumers members of the group in this process, each with a thread
     * @param workers threads that decide and export
     * @param commitInterval how often decisions go to the ledger, and offsets to the broker
     * @param queueBytes size of the records that may wait for workers, of all partitions of a consumer
     * @param timeSlack by how much the time of a partition that is read to its end follows the clock
     * @param commits whether offsets are committed by this
     * @param sorting how the topic comes about, if it is sorted from another one; else null
     */
    public record Plan(KafkaSettings kafka, String topic, RecordDecoder decoder, int consumers, int workers,
            Duration commitInterval, long queueBytes, Duration timeSlack, boolean commits,
            Repartitioner.@Nullable Plan sorting) {}

    private final Plan plan;
    private final PartitionSelectors selectors;
    private final InstantSource clock;
    private final GroupCommitter committer;
    private final ScheduledExecutorService workers;
    private final ScheduledExecutorService commits;
    private final List<TopicConsumer> consumers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Runnable onFailure;

    private FastPath(Plan plan, PartitionSelectors selectors, GroupCommitter committer, InstantSource clock,
            Runnable onFailure) {
        this.onFailure = onFailure;
        this.plan = plan;
        this.selectors = selectors;
        this.committer = committer;
        this.clock = clock;
        this.workers = Executors.newScheduledThreadPool(plan.workers(),
                Thread.ofPlatform().name("evaluation-", 1).factory());
        this.commits = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("ledger-commit").factory());
    }

    /**
     * Begins to read.
     *
     * @param beforeCommit makes durable what was exported to destinations that take spans in groups
     * @param onFailure called when something went wrong that ends the whole
     * @throws IllegalArgumentException if the settings cannot be used
     */
    public static FastPath start(Plan plan, PartitionSelectors selectors, CycleGroupLog ledger,
            Supplier<ExportOutcome> beforeCommit, InstantSource clock, Runnable onFailure) {
        FastPath path = new FastPath(plan, selectors, new GroupCommitter(ledger, beforeCommit), clock, onFailure);
        try {
            path.start();
            return path;
        } catch (KafkaException e) {
            path.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException(String.valueOf(cause.getMessage()), e);
        } catch (RuntimeException e) {
            path.close();
            throw e;
        }
    }

    private void start() {
        TopicConsumer.Settings settings = new TopicConsumer.Settings(plan.queueBytes(), plan.timeSlack(),
                plan.commits(), plan.kafka().group().offsetReset());
        for (int i = 0; i < plan.consumers(); i++) {
            KafkaSettings member = plan.kafka().withGroup(plan.kafka().group().member(i));
            TopicConsumer consumer = new TopicConsumer(plan.topic(), listener -> client(member, listener),
                    new Tasks(plan.sorting()), settings);
            consumers.add(consumer);
            threads.add(Thread.ofPlatform().name("consumer-" + i).start(consumer));
        }
        long millis = plan.commitInterval().toMillis();
        var unused = commits.scheduleWithFixedDelay(this::commit, millis, millis, TimeUnit.MILLISECONDS);
    }

    private Consumer<byte[], byte[]> client(KafkaSettings member, ConsumerRebalanceListener listener) {
        Map<String, Object> properties = member.groupConsumer();
        // To begin at the end again, as the client would where records are gone, loses those that are still there.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        KafkaConsumer<byte[], byte[]> client = new KafkaConsumer<>(properties);
        client.subscribe(List.of(plan.topic()), listener);
        return client;
    }

    private void commit() {
        try {
            List<PartitionTask> tasks = consumers.stream().flatMap(consumer -> consumer.tasks().stream()).toList();
            Map<Integer, Long> offsets = committer.commit(tasks, COMMIT_PATIENCE);
            consumers.forEach(consumer -> consumer.commitSoon(offsets));
        } catch (RuntimeException e) {
            LOG.error("decisions could not be recorded; it is tried again", e);
        }
    }

    /** Why the topic is not read or its decisions are not recorded, in one sentence; empty if all is well. */
    public Optional<String> problem() {
        return Stream.concat(consumers.stream().map(TopicConsumer::problem), Stream.of(committer.problem()))
                .filter(sentence -> !sentence.isEmpty()).findFirst();
    }

    /** Partitions that this instance reads at the moment. */
    public int partitions() {
        return consumers.stream().mapToInt(consumer -> consumer.tasks().size()).sum();
    }

    private void failed(Throwable thrown) {
        LOG.error("the topic {} cannot be sampled any more", plan.topic(), thrown);
        failure.compareAndSet(null, thrown);
        onFailure.run();
    }

    /**
     * Ends the cycles under way, records what was decided, and leaves the group.
     *
     * @throws IllegalStateException if something went wrong that nothing mends
     */
    @Override
    public void close() {
        consumers.forEach(TopicConsumer::stop);
        for (Thread thread : threads) {
            join(thread);
        }
        commits.shutdownNow();
        workers.shutdownNow();
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException("sampling the topic " + plan.topic() + " failed: " + thrown, thrown);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(PartitionTask task) {
        workers.execute(() -> {
            try {
                if (task.run()) {
                    run(task);
                }
            } catch (Throwable e) {
                failed(e);
            }
        });
    }

    /** The tasks of one consumer. */
    private final class Tasks implements TopicConsumer.Owner {

        private final @Nullable SortingProgress sorting;

        Tasks(Repartitioner.@Nullable Plan sorted) {
            sorting = sorted == null ? null : new SortingProgress(sorted);
        }

        @Override
        public PartitionTask task(int partition, TopicConsumer.FetchFrom fetchFrom) {
            RecordQueue queue = new RecordQueue();
            TopicReader reader = new TopicReader(plan.kafka(), plan.topic());
            TopicPartitionSource source = new TopicPartitionSource(plan.topic(), partition, queue,
                    reader::readFromFirstThere, plan.decoder(), clock);
            PartitionTask[] task = new PartitionTask[1];
            task[0] = new PartitionTask(partition, queue, source, new TopicFetcher(reader, plan.decoder()), selectors,
                    reader::close, offset -> fetchFrom.accept(task[0], offset));
            return task[0];
        }

        @Override
        public void wake(PartitionTask task) {
            if (task.wake()) {
                run(task);
            }
        }

        @Override
        public boolean isUpstreamRead() {
            return sorting == null || sorting.isAtEnd();
        }

        @Override
        public Map<Integer, Long> end(Collection<PartitionTask> tasks) {
            tasks.forEach(PartitionTask::stop);
            try {
                Map<Integer, Long> offsets = new HashMap<>(committer.commit(tasks, END_PATIENCE));
                // What was to be recorded before, and could not, goes alone.
                offsets.putAll(committer.commit(tasks, END_PATIENCE));
                return offsets;
            } finally {
                lost(tasks);
            }
        }

        @Override
        public void lost(Collection<PartitionTask> tasks) {
            for (PartitionTask task : tasks) {
                try {
                    task.close();
                } catch (RuntimeException e) {
                    LOG.warn("what {} left behind could not be put in order", task.source(), e);
                }
            }
        }

        @Override
        public void failed(Throwable thrown) {
            FastPath.this.failed(thrown);
        }

        @Override
        public void close() {
            if (sorting != null) {
                sorting.close();
            }
        }
    }
}
