package dev.tailsampling.stream;

import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.PartitionFetcher;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** One partition of a topic in memory, that keeps everything. Offsets have gaps, as after transactions. */
final class MemoryTopic implements PartitionFetcher {

    static final String NAME = "spans";

    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private long endOffset;

    void append(long gap, long timestampMillis, byte[] value) {
        long offset = endOffset + gap;
        records.add(new ConsumerRecord<>(NAME, 0, offset, timestampMillis, TimestampType.CREATE_TIME, 0, value.length,
                new byte[0], value, new RecordHeaders(), Optional.empty()));
        endOffset = offset + 1;
    }

    /** Records from an offset on, at most so many. */
    List<ConsumerRecord<byte[], byte[]>> from(long offset, int most) {
        return records.stream().filter(record -> record.offset() >= offset).limit(most).toList();
    }

    long endOffset() {
        return endOffset;
    }

    void read(int partition, long fromInclusive, long untilExclusive, TopicReader.Handler handler) {
        records.stream().filter(record -> record.offset() >= fromInclusive && record.offset() < untilExclusive)
                .forEach(handler::record);
    }

    @Override
    public long endOffsetExclusive(int partition) {
        return endOffset;
    }

    @Override
    public void fetch(int partition, List<FetchRequest> requests, long fromInclusive, long untilExclusive,
            SpanFetcher.Receiver receiver) {
        Map<TraceId, FetchRequest> wanted = new LinkedHashMap<>();
        requests.forEach(request -> wanted.put(request.traceId(), request));
        Map<TraceId, TraceBytes> found = new LinkedHashMap<>();
        read(partition, fromInclusive, untilExclusive, record -> {
            new OtlpSpans().forEach(record.value(), 0, record.value().length, span -> {
                FetchRequest request = wanted.get(span.traceId());
                if (request != null && mayHold(request, record)) {
                    found.computeIfAbsent(span.traceId(), unseen -> new TraceBytes()).add(span);
                }
            });
            return true;
        });
        found.forEach((traceId, bytes) -> {
            int spans = bytes.spanCount();
            receiver.spans(traceId, Objects.requireNonNull(bytes.take()), spans);
        });
    }

    private static boolean mayHold(FetchRequest request, ConsumerRecord<byte[], byte[]> record) {
        return record.offset() >= request.firstOffset() && record.timestamp() >= request.firstArrivalMillis()
                && record.timestamp() <= request.lastArrivalMillis()
                && (request.locations().isEmpty()
                        || request.locations().contains(OffsetLocations.of(record.offset())));
    }
}
