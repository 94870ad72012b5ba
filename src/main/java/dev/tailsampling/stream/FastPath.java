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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
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
     * @param queueBytes size of the records of a partition that may wait for a worker
     * @param timeSlack by how much the time of a partition that is read to its end follows the clock
     * @param commits whether offsets are committed by this
     */
    public record Plan(KafkaSettings kafka, String topic, RecordDecoder decoder, int consumers, int workers,
            Duration commitInterval, long queueBytes, Duration timeSlack, boolean commits) {}

    private final Plan plan;
    private final PartitionSelectors selectors;
    private final InstantSource clock;
    private final GroupCommitter committer;
    private final ScheduledExecutorService workers;
    private final ScheduledExecutorService commits;
    private final List<TopicConsumer> consumers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<String> problem = new AtomicReference<>("");

    private FastPath(Plan plan, PartitionSelectors selectors, GroupCommitter committer, InstantSource clock) {
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
     * @throws org.apache.kafka.common.KafkaException if the settings cannot be used
     */
    public static FastPath start(Plan plan, PartitionSelectors selectors, CycleGroupLog ledger,
            Supplier<ExportOutcome> beforeCommit, InstantSource clock) {
        FastPath path = new FastPath(plan, selectors, new GroupCommitter(ledger, beforeCommit), clock);
        try {
            path.start();
            return path;
        } catch (RuntimeException e) {
            path.close();
            throw e;
        }
    }

    private void start() {
        for (int i = 0; i < plan.consumers(); i++) {
            KafkaSettings member = plan.kafka().withGroup(plan.kafka().group().member(i));
            TopicConsumer consumer = new TopicConsumer(plan.topic(), listener -> client(member, listener), new Tasks(),
                    plan.queueBytes(), plan.timeSlack().toMillis(), plan.commits());
            consumers.add(consumer);
            threads.add(Thread.ofPlatform().name("consumer-" + i).start(consumer));
        }
        long millis = plan.commitInterval().toMillis();
        var unused = commits.scheduleWithFixedDelay(this::commit, millis, millis, TimeUnit.MILLISECONDS);
    }

    private Consumer<byte[], byte[]> client(KafkaSettings member, ConsumerRebalanceListener listener) {
        KafkaConsumer<byte[], byte[]> client = new KafkaConsumer<>(member.groupConsumer());
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
        return Optional.of(problem.get()).filter(sentence -> !sentence.isEmpty())
                .or(() -> Optional.of(committer.problem()).filter(sentence -> !sentence.isEmpty()));
    }

    /** Partitions that this instance reads at the moment. */
    public int partitions() {
        return consumers.stream().mapToInt(consumer -> consumer.tasks().size()).sum();
    }

    /** Ends the cycles under way, records what was decided, and leaves the group. */
    @Override
    public void close() {
        consumers.forEach(TopicConsumer::stop);
        for (Thread thread : threads) {
            join(thread);
        }
        commits.shutdownNow();
        workers.shutdownNow();
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
            if (task.run()) {
                run(task);
            }
        });
    }

    /** The tasks of one consumer. */
    private final class Tasks implements TopicConsumer.Owner {

        @Override
        public PartitionTask task(int partition, TopicConsumer.FetchFrom fetchFrom) {
            RecordQueue queue = new RecordQueue();
            TopicReader reader = new TopicReader(plan.kafka(), plan.topic());
            TopicPartitionSource source =
                    new TopicPartitionSource(plan.topic(), partition, queue, reader::readFromFirstThere,
                            plan.decoder(), clock);
            PartitionTask[] task = new PartitionTask[1];
            task[0] = new PartitionTask(partition, queue, source, new TopicFetcher(reader, plan.decoder()), selectors,
                    offset -> fetchFrom.accept(task[0], offset));
            return task[0];
        }

        @Override
        public void wake(PartitionTask task) {
            if (task.wake()) {
                run(task);
            }
        }

        @Override
        public Map<Integer, Long> end(Collection<PartitionTask> tasks) {
            tasks.forEach(PartitionTask::stop);
            Map<Integer, Long> offsets = new HashMap<>(committer.commit(tasks, END_PATIENCE));
            // What was to be recorded before, and could not, goes alone.
            offsets.putAll(committer.commit(tasks, END_PATIENCE));
            tasks.forEach(PartitionTask::close);
            return offsets;
        }

        @Override
        public void lost(Collection<PartitionTask> tasks) {
            tasks.forEach(PartitionTask::close);
        }

        @Override
        public void noted(String sentence) {
            if (!sentence.equals(problem.getAndSet(sentence)) && !sentence.isEmpty()) {
                LOG.warn("{}", sentence);
            }
        }
    }
}
