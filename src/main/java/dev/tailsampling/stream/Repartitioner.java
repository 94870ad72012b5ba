package dev.tailsampling.stream;

import dev.tailsampling.selector.SourceRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sorts a topic by trace: each record of the input topic becomes one record for each trace in it, keyed by trace id, in
 * another topic, with the same timestamp. Exactly once for readers of committed records: what is written and how far was
 * read is committed in one transaction. After a crash readers wait for the transaction that was left open, at most for
 * {@link #TRANSACTION_TIMEOUT} and the brokers' interval of looking for such.
 *
 * <p>Has a consumer group of its own, whose members share the input's partitions. Whatever fails is tried again, after a
 * pause. Thread-safe.
 */
public final class Repartitioner implements AutoCloseable {

    /** Header of each record: where it came from, as partition/offset in ASCII. */
    public static final String INPUT_HEADER = "tss.input";
    /** What is added to the input topic's name by default. */
    public static final String TOPIC_SUFFIX = "-by-trace";
    /** What is added to the group's name. */
    public static final String GROUP_SUFFIX = "-repartition";
    /** After so long the brokers abort the transaction of an instance that is gone. */
    public static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(15);
    /** A good interval of transactions: it is added to the latency, and a transaction costs some ten milliseconds. */
    public static final Duration TRANSACTION_INTERVAL = Duration.ofMillis(100);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    /** Is told of records that cannot be decoded. Called by several threads; a record may come again. */
    @FunctionalInterface
    public interface DeadLetters {
        /**
         * One record, and why, in one sentence. It is passed over.
         *
         * @param source "topic/partition"
         */
        void undecodable(String source, SourceRow row, String reason);
    }

    /**
     * What to do.
     *
     * @param kafka how to reach the brokers, with the group of the sampler; ours is named after it
     * @param inputTopic spans of all traces in any partition
     * @param outputTopic created with as many partitions if it is missing
     * @param retention how long the output topic keeps records, by their timestamps, if it is created by this; null for as
     *     long as the input topic
     * @param threads members of the group in this process
     * @param transactionInterval how long records are collected for a transaction
     */
    public record Plan(KafkaSettings kafka, String inputTopic, String outputTopic, RecordDecoder decoder,
            @Nullable Duration retention, int threads, Duration transactionInterval) {

        /** The group whose members share the input's partitions. */
        String groupId() {
            return kafka.group().id() + GROUP_SUFFIX;
        }
    }

    private final RepartitionNumbers.Counters counters = new RepartitionNumbers.Counters();
    private final List<RepartitionWorker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Repartitioner(Plan plan, DeadLetters deadLetters) {
        String instance = plan.kafka().group().instanceId();
        String name = instance == null ? UUID.randomUUID().toString() : instance;
        RepartitionTopic topic = new RepartitionTopic(plan);
        for (int number = 0; number < plan.threads(); number++) {
            workers.add(new RepartitionWorker(plan, topic, name + "-" + number, deadLetters, counters));
        }
    }

    /** Begins, on threads of its own. */
    public static Repartitioner start(Plan plan, DeadLetters deadLetters) {
        Repartitioner repartitioner = new Repartitioner(plan, deadLetters);
        for (RepartitionWorker worker : repartitioner.workers) {
            repartitioner.threads.add(
                    Thread.ofPlatform().name("repartition-" + repartitioner.threads.size()).start(worker));
        }
        return repartitioner;
    }

    /** What was done so far. */
    public RepartitionNumbers numbers() {
        return counters.numbers(workers.stream().mapToLong(RepartitionWorker::lag).sum());
    }

    /** Why nothing is read or written at the moment, in one sentence; empty if all is well. */
    public Optional<String> problem() {
        return workers.stream().map(RepartitionWorker::problem).filter(sentence -> !sentence.isEmpty()).findFirst();
    }

    /** Commits what was collected and leaves the group. */
    @Override
    public void close() {
        workers.forEach(RepartitionWorker::stop);
        for (Thread thread : threads) {
            try {
                if (!thread.join(STOP_PATIENCE)) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                threads.forEach(Thread::interrupt);
                Thread.currentThread().interrupt();
            }
        }
    }
}
