package dev.tailsampling.stream;

import dev.tailsampling.selector.CycleBuffer;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.PartitionFetcher;
import dev.tailsampling.selector.SpanSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one partition as long as this instance has it: recovers, takes what was fetched, decides, exports. Whatever fails
 * is done again from what the ledger says, after a pause. Runs on one worker at a time; thread-safe.
 */
final class PartitionTask {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionTask.class);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final long REPORT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Decisions that wait for the ledger; with more of them nothing is decided. */
    private static final int MAX_WAITING_DECISIONS = 100_000;

    private enum Turn {
        IDLE, QUEUED, RUNNING, AGAIN
    }

    private final int partition;
    private final RecordQueue queue;
    private final SpanSource source;
    private final PartitionFetcher topic;
    private final PartitionSelectors selectors;
    private final LongConsumer fetchFrom;
    private final Runnable closing;
    /** Fair: who commits waits for one cycle, not for many. */
    private final ReentrantLock lock = new ReentrantLock(true);
    private final AtomicReference<CycleBuffer.@Nullable Batch> recorded = new AtomicReference<>();
    private final AtomicInteger turn = new AtomicInteger(Turn.IDLE.ordinal());
    private @Nullable PartitionSelector open;
    private volatile boolean stopped;
    private long exportedCycle;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private long notBeforeNanos;
    private CycleReport unreported = CycleReport.NONE;
    private long reportedNanos;

    /**
     * Does nothing yet.
     *
     * @param topic reads spans again
     * @param closing gives back what reads spans again
     * @param fetchFrom lets records be fetched from an offset on, or from where the group begins if it is negative
     */
    PartitionTask(int partition, RecordQueue queue, SpanSource source, PartitionFetcher topic,
            PartitionSelectors selectors, Runnable closing, LongConsumer fetchFrom) {
        this.partition = partition;
        this.queue = queue;
        this.source = source;
        this.topic = topic;
        this.selectors = selectors;
        this.fetchFrom = fetchFrom;
        this.closing = closing;
        this.notBeforeNanos = System.nanoTime();
        this.reportedNanos = notBeforeNanos;
        selectors.joined(source.name());
    }

    int partition() {
        return partition;
    }

    /** "topic/partition". */
    String source() {
        return source.name();
    }

    RecordQueue queue() {
        return queue;
    }

    /** Whether it has to be given to a worker, and is not on its way to one. */
    boolean wake() {
        int was = turn.getAndUpdate(now -> now == Turn.IDLE.ordinal()
                ? Turn.QUEUED.ordinal()
                : now == Turn.RUNNING.ordinal() ? Turn.AGAIN.ordinal()
                : now);
        return was == Turn.IDLE.ordinal();
    }

    /** Does what there is to do now; returns whether there is more. For one worker at a time. */
    boolean run() {
        turn.set(Turn.RUNNING.ordinal());
        boolean more = false;
        boolean again;
        try {
            more = step();
        } finally {
            again = !turn.compareAndSet(Turn.RUNNING.ordinal(), Turn.IDLE.ordinal());
            if (again) {
                turn.set(Turn.QUEUED.ordinal());
            }
        }
        return again || more && wake();
    }

    private boolean step() {
        lock.lock();
        try {
            return !stopped && System.nanoTime() - notBeforeNanos >= 0 && attempt();
        } finally {
            lock.unlock();
        }
    }

    private boolean attempt() {
        selectors.begins(source.name());
        try {
            takeRecorded();
            PartitionSelector selector = open == null ? open() : open;
            return queue.isOpen() && selector.buffer().decisionsWaiting() <= MAX_WAITING_DECISIONS
                    && cycle(selector);
        } catch (RuntimeException e) {
            fail(e);
            return false;
        } finally {
            selectors.rests(source.name());
        }
    }

    private PartitionSelector open() {
        PartitionSelector opened = selectors.open(source, partition, topic);
        open = opened;
        opened.selector().recover();
        exportedCycle = opened.selector().cycleNumber();
        fetchFrom.accept(opened.selector().nextOffsets().byPartition().getOrDefault(partition, -1L));
        return opened;
    }

    private boolean cycle(PartitionSelector selector) {
        selector.beforeCycle().run();
        CycleReport report = selector.selector().cycle();
        unreported = unreported.then(report);
        if (selector.selector().isWaitingForExport()) {
            pause();
        } else {
            exportedCycle = selector.selector().cycleNumber();
            pauseMillis = FIRST_PAUSE_MILLIS;
        }
        report(selector);
        return !queue.isEmpty();
    }

    private void report(PartitionSelector selector) {
        long now = System.nanoTime();
        if (now - reportedNanos >= REPORT_EVERY_NANOS) {
            tell(selector);
            reportedNanos = now;
        }
    }

    private void tell(PartitionSelector selector) {
        CycleReport report = unreported;
        unreported = CycleReport.NONE;
        selectors.reported(source.name(), selector, report);
    }

    private void pause() {
        notBeforeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }

    /** Begins anew, as after a restart. */
    void fail(RuntimeException failure) {
        lock.lock();
        try {
            giveUp();
            unreported = CycleReport.NONE;
            pause();
            selectors.failed(source.name(), failure);
        } finally {
            lock.unlock();
        }
    }

    private void giveUp() {
        PartitionSelector selector = open;
        open = null;
        recorded.set(null);
        queue.close();
        if (selector != null) {
            try {
                selector.close().run();
            } catch (RuntimeException e) {
                LOG.debug("closing the selector of {} failed, too", source.name(), e);
            }
        }
    }

    /**
     * What is to be recorded, unless a cycle takes too long.
     *
     * @param patience for a cycle that is under way
     */
    Optional<CycleBuffer.Batch> batch(Duration patience) {
        if (!tryLock(patience)) {
            return Optional.empty();
        }
        try {
            takeRecorded();
            return open == null ? Optional.empty() : open.buffer().next(exportedCycle);
        } finally {
            lock.unlock();
        }
    }

    private boolean tryLock(Duration patience) {
        try {
            return lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The batch is in the ledger. Does not wait for a cycle that is under way. */
    void recorded(CycleBuffer.Batch batch) {
        recorded.set(batch);
        if (lock.tryLock()) {
            try {
                takeRecorded();
            } catch (RuntimeException e) {
                fail(e);
            } finally {
                lock.unlock();
            }
        }
    }

    private void takeRecorded() {
        CycleBuffer.Batch batch = recorded.getAndSet(null);
        PartitionSelector selector = open;
        if (batch != null && selector != null && selector.buffer().isInFlight(batch)) {
            selector.buffer().recorded();
            selector.selector().recorded(batch.group().last().cycle());
        }
    }

    /** Begins no other cycle. */
    void stop() {
        stopped = true;
    }

    /** Gives up what is in memory, as soon as a cycle under way has ended. */
    void close() {
        stopped = true;
        lock.lock();
        try {
            PartitionSelector selector = open;
            if (selector != null && unreported.get(CycleMetric.CYCLES) > 0) {
                tell(selector);
            }
        } finally {
            try {
                giveUp();
                closing.run();
                selectors.left(source.name());
            } finally {
                lock.unlock();
            }
        }
    }
}
