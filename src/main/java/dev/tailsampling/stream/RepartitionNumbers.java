package dev.tailsampling.stream;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a {@link Repartitioner} has done since it was started. Records and bytes count when their transaction was committed.
 *
 * @param recordsRead from the input topic, undecodable ones included
 * @param recordsWritten one for each trace of a record read
 * @param bytesWritten before compression
 * @param undecodable records that were reported as dead letters, or that hold a span too large for a record
 * @param transactions that were committed
 * @param failures after which was tried again
 * @param lag records of the input topic that are still to be read, in partitions of this instance
 */
public record RepartitionNumbers(long recordsRead, long recordsWritten, long bytesWritten, long undecodable,
        long transactions, long failures, long lag) {

    /** Counts, for all threads. */
    static final class Counters {
        final LongAdder recordsRead = new LongAdder();
        final LongAdder recordsWritten = new LongAdder();
        final LongAdder bytesWritten = new LongAdder();
        final LongAdder undecodable = new LongAdder();
        final LongAdder transactions = new LongAdder();
        final LongAdder failures = new LongAdder();

        RepartitionNumbers numbers(long lag) {
            return new RepartitionNumbers(recordsRead.sum(), recordsWritten.sum(), bytesWritten.sum(),
                    undecodable.sum(), transactions.sum(), failures.sum(), lag);
        }
    }
}
