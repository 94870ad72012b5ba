package dev.tailsampling.export;

import dev.tailsampling.selector.DestinationObserver;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets several callers share a destination: their batches wait in turn, bounded in bytes, and only so many are sent at
 * the same time. Where the queue is full a caller waits, which slows down what it reads, and after a while gives up.
 *
 * <p>Thread-safe; the exporter need be so only if more than one batch is sent at a time. {@link #begin} is passed on as it
 * is, so callers with groups of their own cannot share an exporter to which groups matter.
 */
public final class QueuedExporter implements TraceExporter {

    /**
     * How much may wait, and how long.
     *
     * @param queueBytes of OTLP that wait or are on their way, at least 1; a larger batch goes alone
     * @param simultaneousBatches that are sent at the same time, at least 1
     * @param longestWait for a place in the queue; then the outcome is unknown
     */
    public record Limits(int queueBytes, int simultaneousBatches, Duration longestWait) {

        public Limits {
            if (queueBytes < 1 || simultaneousBatches < 1) {
                throw new IllegalArgumentException("a queue has room for at least one byte and one batch");
            }
        }
    }

    private final TraceExporter exporter;
    private final Limits limits;
    private final DestinationObserver observer;
    private final InstantSource clock;
    private final Semaphore room;
    private final Semaphore senders;

    /**
     * Closing this closes the exporter.
     *
     * @param observer told of every batch
     * @param clock measures how long a batch takes
     */
    public QueuedExporter(TraceExporter exporter, Limits limits, DestinationObserver observer, InstantSource clock) {
        this.exporter = exporter;
        this.limits = limits;
        this.observer = observer;
        this.clock = clock;
        // Fair: first come, first served.
        this.room = new Semaphore(limits.queueBytes(), true);
        this.senders = new Semaphore(limits.simultaneousBatches(), true);
    }

    @Override
    public String name() {
        return exporter.name();
    }

    @Override
    public void begin(String group) {
        exporter.begin(group);
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        Instant began = clock.instant();
        long bytes = batch.stream().mapToLong(trace -> trace.otlp().length).sum();
        long spans = batch.stream().mapToLong(SampledTrace::spanCount).sum();
        ExportOutcome outcome = inQueue(batch, bytes);
        observer.ended(name(), new DestinationObserver.Batch(spans, bytes, outcome,
                Duration.between(began, clock.instant())));
        return outcome;
    }

    private ExportOutcome inQueue(List<SampledTrace> batch, long bytes) {
        int place = (int) Math.min(bytes, limits.queueBytes());
        try {
            if (!room.tryAcquire(place, limits.longestWait().toNanos(), TimeUnit.NANOSECONDS)) {
                return new ExportOutcome.Unknown("the queue of " + name() + " has been full for "
                        + limits.longestWait().toSeconds()
                        + " s: the destination is slow, or export.queue_bytes small");
            }
        } catch (InterruptedException e) {
            return interrupted();
        }
        observer.queued(name(), bytes);
        try {
            return inTurn(() -> exporter.export(batch));
        } finally {
            observer.queued(name(), -bytes);
            room.release(place);
        }
    }

    private ExportOutcome inTurn(Supplier<ExportOutcome> call) {
        try {
            senders.acquire();
        } catch (InterruptedException e) {
            return interrupted();
        }
        try {
            return call.get();
        } finally {
            senders.release();
        }
    }

    private ExportOutcome interrupted() {
        Thread.currentThread().interrupt();
        return new ExportOutcome.Unknown("interrupted while waiting in the queue of " + name());
    }

    @Override
    public ExportOutcome flush() {
        return inTurn(exporter::flush);
    }

    @Override
    public boolean wantsMore() {
        return exporter.wantsMore();
    }

    @Override
    public void close() {
        exporter.close();
    }
}
