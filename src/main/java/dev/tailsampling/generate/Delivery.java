package dev.tailsampling.generate;

import java.time.Duration;

/**
 * How spans reach Kafka: batched as a collector's batch processor does, sometimes late, sometimes twice.
 *
 * @param batchSpans most spans of a message, at least 1
 * @param lateShare share of the traces, of those with more than one span, some of whose spans are sent late, 0 … 1
 * @param lateDelay such spans are sent one to two times this long after the last other span of their trace ended
 * @param duplicateShare share of the messages that are sent twice, as after a lost acknowledgement, 0 … 1
 */
public record Delivery(int batchSpans, double lateShare, Duration lateDelay, double duplicateShare) {

    /** A batch is sent at the latest this long after its first span ended. */
    static final Duration BATCH_DELAY = Duration.ofSeconds(1);

    /** The collector's default pause before it sends a batch again. */
    static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private static final int DEFAULT_BATCH_SPANS = 512;
    private static final Duration DEFAULT_LATE_DELAY = Duration.ofMinutes(2).plusSeconds(5);

    /** Every span in time and once. */
    public static final Delivery EXACT = new Delivery(DEFAULT_BATCH_SPANS, 0, DEFAULT_LATE_DELAY, 0);

    public Delivery {
        if (batchSpans < 1) {
            throw new IllegalArgumentException("a batch has at least one span, not " + batchSpans);
        }
        TraceShape.checkShare("the share of traces with late spans", lateShare);
        TraceShape.checkShare("the share of duplicate messages", duplicateShare);
        if (lateDelay.isNegative()) {
            throw new IllegalArgumentException("late spans cannot come early: " + lateDelay);
        }
    }

    /** The same with other batches. */
    public Delivery withBatchSpans(int spans) {
        return new Delivery(spans, lateShare, lateDelay, duplicateShare);
    }

    /** The same with late spans in a share of the traces. */
    public Delivery withLate(double share, Duration delay) {
        return new Delivery(batchSpans, share, delay, duplicateShare);
    }

    /** The same with a share of the messages sent twice. */
    public Delivery withDuplicates(double share) {
        return new Delivery(batchSpans, lateShare, lateDelay, share);
    }
}
