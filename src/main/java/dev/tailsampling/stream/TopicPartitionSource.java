package dev.tailsampling.stream;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.selector.SpanSource;
import java.time.InstantSource;
import java.util.Map;
import java.util.SortedSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a topic of spans. New records are those that a consumer has fetched; older ones are read again with a
 * reader. Its time is the greatest timestamp of its records; where they are all read, it follows the clock. Time is told
 * to the sink between two records, whenever a second of it has passed, so that traces are complete at the same records
 * however fast the topic is read. Not thread-safe.
 */
final class TopicPartitionSource implements SpanSource {

    private static final long TICK_MILLIS = 1_000;
    private static final long MAX_BYTES_PER_READ = 8 << 20;

    /** Reads records again. */
    interface Again {
        /** Hands over the records between two offsets that are still there. */
        void read(int partition, long fromInclusive, long untilExclusive, TopicReader.Handler handler);
    }

    private final String topic;
    private final int partition;
    private final RecordQueue queue;
    private final Again again;
    private final RecordDecoder decoder;
    private final InstantSource clock;
    private final OtlpSpans spans = new OtlpSpans();
    private boolean refused;

    TopicPartitionSource(String topic, int partition, RecordQueue queue, Again again, RecordDecoder decoder,
            InstantSource clock) {
        this.topic = topic;
        this.partition = partition;
        this.queue = queue;
        this.again = again;
        this.decoder = decoder;
        this.clock = clock;
    }

    /** "topic/partition". */
    @Override
    public String name() {
        return topic + "/" + partition;
    }

    /** Reads what was fetched, a bounded amount. Never waits. */
    @Override
    public SourceRead readNew(SourceCursor after, SpanSink sink) {
        Reading reading = new Reading(after, sink);
        while (reading.bytes < MAX_BYTES_PER_READ && reading.next()) {
            // All is done by then.
        }
        return reading.end();
    }

    /** One read. */
    private final class Reading {

        private final SpanSink sink;
        private long nextOffset;
        private long timeMillis;
        private long bytes;
        private long rows;
        private long duplicates;

        Reading(SourceCursor after, SpanSink sink) {
            this.sink = sink;
            this.nextOffset = after.nextOffsets().of(partition);
            this.timeMillis = after.tableTimeMillis();
        }

        /** Takes one record; false if there is none, or none that is wanted in this read. */
        boolean next() {
            ConsumerRecord<byte[], byte[]> queued = queue.peek();
            if (queued == null) {
                return false;
            }
            if (queued.offset() < nextOffset) {
                duplicates++;
            } else if (!take(queued)) {
                return false;
            }
            queue.remove();
            return true;
        }

        private boolean take(ConsumerRecord<byte[], byte[]> queued) {
            SourceRow row = row(queued);
            tell(row.activeMillis());
            if (!deliver(queued, row, sink)) {
                return false;
            }
            nextOffset = queued.offset() + 1;
            bytes += queue.sizeOf(queued);
            rows++;
            return true;
        }

        private void tell(long activeMillis) {
            if (activeMillis > timeMillis) {
                if (Math.floorDiv(activeMillis, TICK_MILLIS) > Math.floorDiv(timeMillis, TICK_MILLIS)) {
                    sink.timeReached(activeMillis);
                }
                timeMillis = activeMillis;
            }
        }

        SourceRead end() {
            boolean caughtUp = queue.peek() == null;
            long now = caughtUp ? Math.max(timeMillis, queue.idleTimeMillis()) : timeMillis;
            SourceOffsets next = nextOffset == 0 ? SourceOffsets.NONE : offsets(nextOffset);
            return new SourceRead(new SourceCursor(topic, 0, next, timeMillis), now, 0, rows, duplicates, bytes,
                    queue.lag(), caughtUp);
        }
    }

    private SourceOffsets offsets(long next) {
        return SourceOffsets.NONE.with(Map.of(partition, next));
    }

    /** A timestamp in the future would keep its trace open until then, and one that is missing is now. */
    private SourceRow row(ConsumerRecord<byte[], byte[]> queued) {
        long now = clock.millis();
        long timestamp = queued.timestamp();
        return new SourceRow(partition, queued.offset(), timestamp, timestamp < 0 ? now : Math.min(timestamp, now),
                OffsetLocations.of(queued.offset()));
    }

    /** False if the sink does not want a span of it in this read; then it has got none. */
    private boolean deliver(ConsumerRecord<byte[], byte[]> queued, SourceRow row, SpanSink sink) {
        try {
            byte @Nullable [] otlp = decoder.decode(queued.value());
            if (otlp == null || otlp.length == 0) {
                return true;
            }
            if (!sink.acceptsAll() && !accepts(otlp, sink)) {
                return false;
            }
            spans.forEach(otlp, 0, otlp.length, span -> sink.span(span, row));
        } catch (MalformedOtlpException e) {
            sink.undecodable(row, String.valueOf(e.getMessage()));
        }
        return true;
    }

    private boolean accepts(byte[] otlp, SpanSink sink) {
        refused = false;
        spans.forEach(otlp, 0, otlp.length,
                span -> refused |= !sink.accepts(span.traceIdHigh(), span.traceIdLow()));
        return !refused;
    }

    @Override
    public void readAgain(SourceOffsets fromInclusive, SourceCursor until, SpanSink sink) {
        again.read(partition, fromInclusive.of(partition), until.nextOffsets().of(partition), found -> {
            deliver(found, row(found), sink);
            return true;
        });
    }

    @Override
    public SourceOffsets lowestOffsets(SortedSet<Integer> locations, SourceCursor cursor) {
        long next = cursor.nextOffsets().of(partition);
        return next == 0
                ? SourceOffsets.NONE
                : offsets(locations.isEmpty()
                        ? next
                        : Math.min(next, OffsetLocations.firstOffset(locations.first())));
    }

    @Override
    public void forgetAllBut(SortedSet<Integer> locations) {
        // A location is arithmetic.
    }
}
