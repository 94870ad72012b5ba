package dev.tailsampling.cli;

import dev.tailsampling.lake.KafkaMessage;
import dev.tailsampling.lake.MessageWriter;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.trace.TraceId;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Turns requests into the records that a collector's Kafka exporter would send, and writes them through the table topic.
 * Records arrive in the order given: a record's timestamp is the latest span end so far, but never in the future.
 */
final class TopicLoader implements AutoCloseable {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** What was written. */
    record Loaded(long spans, long records, long commits) {}

    private final MessageWriter writer;
    private final TopicOptions options;
    private final InstantSource clock;
    private final OtlpSpans spans = new OtlpSpans();
    private long arrivalMillis;
    private long spanCount;
    private long recordCount;
    private long commitCount;
    private long uncommitted;
    private int nextPartition;

    TopicLoader(MessageWriter writer, TopicOptions options, InstantSource clock) {
        this.writer = writer;
        this.options = options;
        this.clock = clock;
    }

    /**
     * Writes one request.
     *
     * @return its number of spans
     */
    int add(byte[] request) {
        long[] latestEnd = {0};
        Map<TraceId, TraceBytes> byTrace = new LinkedHashMap<>();
        int count = spans.forEach(request, 0, request.length, span -> {
            latestEnd[0] = Math.max(latestEnd[0], span.endUnixNano());
            if (options.keys() == TopicOptions.Keys.KEYED) {
                byTrace.computeIfAbsent(span.traceId(), unseen -> new TraceBytes()).add(span);
            }
        });
        arriveAt(Math.ceilDiv(latestEnd[0], NANOS_PER_MILLI));
        if (options.keys() == TopicOptions.Keys.KEYED) {
            byTrace.forEach((traceId, bytes) -> send(traceId.hex(), partitionOf(traceId),
                    Objects.requireNonNull(bytes.take())));
        } else {
            send("", nextPartition, request);
            nextPartition = (nextPartition + 1) % options.partitions();
        }
        spanCount += count;
        return count;
    }

    /** Writes one request that was sent at a known time. */
    int add(byte[] request, long sentMillis) {
        arriveAt(sentMillis);
        return add(request);
    }

    private void arriveAt(long millis) {
        arrivalMillis = Math.max(arrivalMillis, Math.min(millis, clock.millis()));
    }

    private int partitionOf(TraceId traceId) {
        return Math.floorMod(Long.hashCode(traceId.low() * 31 + traceId.high()), options.partitions());
    }

    private void send(String key, int partition, byte[] value) {
        writer.append(new KafkaMessage(partition, key, value, arrivalMillis, Map.of()));
        recordCount++;
        uncommitted++;
    }

    /** Commits; more is to come. */
    void commitMore() {
        if (uncommitted > 0) {
            writer.commit(MessageWriter.CatchUp.MORE_DATA);
            commitCount++;
            uncommitted = 0;
        }
    }

    /** Commits the rest; the topic has been read to its end. */
    void finish() {
        if (uncommitted > 0) {
            writer.commit(MessageWriter.CatchUp.CAUGHT_UP);
            commitCount++;
            uncommitted = 0;
        }
    }

    Loaded loaded() {
        return new Loaded(spanCount, recordCount, commitCount);
    }

    @Override
    public void close() {
        writer.close();
    }
}
