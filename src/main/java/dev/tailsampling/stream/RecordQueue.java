package dev.tailsampling.stream;

import java.util.ArrayDeque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition between the thread that fetches them and the one that reads them. Bounded by whoever fetches:
 * {@link #bytes} says when it is time to pause. Thread-safe.
 */
final class RecordQueue {

    /** What a record costs besides its key and value. */
    private static final int OVERHEAD_BYTES = 128;

    private final ArrayDeque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
    private long bytes;
    private long lag;
    private long idleTimeMillis = Long.MIN_VALUE;
    private boolean open;

    /** From now on records are taken in; those that come next are the ones that are wanted. */
    synchronized void open() {
        close();
        open = true;
    }

    /** Forgets all, and takes nothing in until it is opened again: it is not known yet which records are wanted. */
    synchronized void close() {
        open = false;
        records.clear();
        bytes = 0;
        lag = 0;
        idleTimeMillis = Long.MIN_VALUE;
    }

    /** Whether records are taken in. */
    synchronized boolean isOpen() {
        return open;
    }

    synchronized void add(List<ConsumerRecord<byte[], byte[]>> fetched) {
        if (!open) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> fresh : fetched) {
            records.add(fresh);
            bytes += sizeOf(fresh);
        }
    }

    /** The next record, null if none was fetched. */
    synchronized @Nullable ConsumerRecord<byte[], byte[]> peek() {
        return records.peek();
    }

    synchronized void remove() {
        bytes -= sizeOf(records.remove());
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized boolean isEmpty() {
        return records.isEmpty();
    }

    int sizeOf(ConsumerRecord<byte[], byte[]> record) {
        return OVERHEAD_BYTES + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }

    /** How many records are in the topic and were not fetched when this was last known. */
    synchronized void lag(long unfetched) {
        lag = open ? unfetched : 0;
    }

    /** Records in the topic that are not read yet. */
    synchronized long lag() {
        return lag + records.size();
    }

    /** Every record that is older had been fetched, as far as the clock is to be believed. */
    synchronized void idleTime(long millis) {
        idleTimeMillis = open ? millis : Long.MIN_VALUE;
    }

    /** Time of the clock up to which there is nothing left to fetch. */
    synchronized long idleTimeMillis() {
        return idleTimeMillis;
    }
}
