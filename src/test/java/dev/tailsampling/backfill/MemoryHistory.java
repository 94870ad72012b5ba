package dev.tailsampling.backfill;

import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A table's history in memory. Survives the runs that read it, as a table does. */
final class MemoryHistory implements SpanHistory {

    /** One row with its value. */
    record Row(long timestampMillis, byte[] value) {}

    private final List<Row> rows = new ArrayList<>();
    private String tableId = "memory";
    private long completeUntilMillis = Long.MAX_VALUE;

    void add(long timestampMillis, byte[] value) {
        rows.add(new Row(timestampMillis, value));
    }

    void completeUntil(long millis) {
        completeUntilMillis = millis;
    }

    void createAnew() {
        tableId = "another";
    }

    List<Row> rows() {
        return rows;
    }

    @Override
    public String name() {
        return "test.memory";
    }

    @Override
    public List<Portion> portions(long fromMillisInclusive, long untilMillisExclusive) {
        return rows.stream()
                .filter(row -> row.timestampMillis() >= fromMillisInclusive
                        && row.timestampMillis() < untilMillisExclusive)
                .map(row -> new Portion(row.timestampMillis(), row.timestampMillis(), row.value().length)).toList();
    }

    @Override
    public long completeUntilMillis() {
        return completeUntilMillis;
    }

    @Override
    public SourceRead read(long fromMillisInclusive, long untilMillisExclusive, SpanSink sink) {
        long delivered = 0;
        for (int offset = 0; offset < rows.size(); offset++) {
            Row row = rows.get(offset);
            if (row.timestampMillis() >= fromMillisInclusive && row.timestampMillis() < untilMillisExclusive) {
                SourceRow position = new SourceRow(offset % 3, offset, row.timestampMillis(), 0);
                new OtlpSpans().forEach(row.value(), 0, row.value().length, span -> sink.span(span, position));
                delivered++;
            }
        }
        SourceCursor cursor = new SourceCursor(tableId, 1, SourceOffsets.NONE.with(Map.of(0, untilMillisExclusive)),
                untilMillisExclusive);
        return new SourceRead(cursor, untilMillisExclusive, 1, delivered, 0, 0, 0, false);
    }

    @Override
    public void fetch(List<FetchRequest> requests, long untilMillisExclusive, SpanFetcher.Receiver receiver) {
        Map<TraceId, FetchRequest> wanted = new HashMap<>();
        requests.forEach(request -> wanted.put(request.traceId(), request));
        Map<TraceId, TraceBytes> found = new LinkedHashMap<>();
        for (Row row : rows) {
            new OtlpSpans().forEach(row.value(), 0, row.value().length, span -> {
                FetchRequest request = wanted.get(span.traceId());
                if (request != null && row.timestampMillis() < untilMillisExclusive
                        && row.timestampMillis() >= request.firstArrivalMillis()
                        && row.timestampMillis() <= request.lastArrivalMillis()) {
                    found.computeIfAbsent(span.traceId(), unseen -> new TraceBytes()).add(span);
                }
            });
        }
        found.forEach((traceId, bytes) -> {
            int spans = bytes.spanCount();
            if (receiver.wantsMore()) {
                receiver.spans(traceId, Objects.requireNonNull(bytes.take()), spans);
            }
        });
    }
}
