package dev.tailsampling.selector;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/** A table in memory: every commit is one file. Survives the selectors that read it, as a table does. */
final class MemorySource implements SpanSource, SpanFetcher {

    /** One row with its value. */
    record Row(int partition, long offset, long timestampMillis, byte[] value) {}

    private record Commit(long watermarkMillis, List<Row> rows) {}

    private final List<Commit> commits = new ArrayList<>();
    private final Map<Integer, Long> endOffsets = new HashMap<>();
    private final int maxCommitsPerRead;

    MemorySource(int maxCommitsPerRead) {
        this.maxCommitsPerRead = maxCommitsPerRead;
    }

    long nextOffset(int partition) {
        return endOffsets.getOrDefault(partition, 0L);
    }

    void commit(long watermarkMillis, List<Row> rows) {
        commits.add(new Commit(watermarkMillis, List.copyOf(rows)));
        rows.forEach(row -> endOffsets.merge(row.partition(), row.offset() + 1, Math::max));
    }

    @Override
    public String name() {
        return "test.memory";
    }

    @Override
    public SourceRead readNew(SourceCursor after, SpanSink sink) {
        int from = (int) after.sequenceNumberInclusive() + 1;
        int until = Math.min(commits.size(), from + maxCommitsPerRead);
        Map<Integer, Long> next = new TreeMap<>(after.nextOffsets().byPartition());
        long tableTime = after.tableTimeMillis();
        long rows = 0;
        long duplicates = 0;
        for (int file = from; file < until; file++) {
            for (Row row : commits.get(file).rows()) {
                if (row.offset() < next.getOrDefault(row.partition(), 0L)) {
                    duplicates++;
                    continue;
                }
                next.put(row.partition(), row.offset() + 1);
                rows++;
                deliver(row, file, sink);
            }
            tableTime = Math.max(tableTime, commits.get(file).watermarkMillis());
        }
        SourceCursor cursor = new SourceCursor("memory", until - 1L, SourceOffsets.NONE.with(next), tableTime);
        long pending = commits.subList(until, commits.size()).stream().mapToLong(commit -> commit.rows().size()).sum();
        return new SourceRead(cursor, tableTime, until - from, rows, duplicates, 0, pending, until == commits.size());
    }

    private static void deliver(Row row, int file, SpanSink sink) {
        SourceRow position = new SourceRow(row.partition(), row.offset(), row.timestampMillis(), file);
        try {
            new OtlpSpans().forEach(row.value(), 0, row.value().length, span -> sink.span(span, position));
        } catch (MalformedOtlpException e) {
            sink.undecodable(position, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void readAgain(SourceOffsets fromInclusive, SourceCursor until, SpanSink sink) {
        Set<String> seen = new HashSet<>();
        for (int file = 0; file < commits.size(); file++) {
            for (Row row : commits.get(file).rows()) {
                if (row.offset() >= fromInclusive.of(row.partition())
                        && row.offset() < until.nextOffsets().of(row.partition())
                        && seen.add(row.partition() + ":" + row.offset())) {
                    deliver(row, file, sink);
                }
            }
        }
    }

    @Override
    public SourceOffsets lowestOffsets(SortedSet<Integer> locations, SourceCursor cursor) {
        Map<Integer, Long> lowest = new TreeMap<>(cursor.nextOffsets().byPartition());
        for (int file : locations) {
            commits.get(file).rows().forEach(row -> lowest.merge(row.partition(), row.offset(), Math::min));
        }
        return SourceOffsets.NONE.with(lowest);
    }

    @Override
    public void forgetAllBut(SortedSet<Integer> locations) {
        // Commits are their own numbers; there is nothing to forget.
    }

    @Override
    public void fetch(List<FetchRequest> requests, SourceOffsets until, Receiver receiver) {
        Map<TraceId, FetchRequest> wanted = new LinkedHashMap<>();
        requests.forEach(request -> wanted.put(request.traceId(), request));
        Map<TraceId, TraceBytes> found = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (int file = 0; file < commits.size(); file++) {
            for (Row row : commits.get(file).rows()) {
                if (row.offset() < until.of(row.partition()) && seen.add(row.partition() + ":" + row.offset())) {
                    collect(row, file, wanted, found);
                }
            }
        }
        found.forEach((traceId, bytes) -> {
            int spans = bytes.spanCount();
            if (receiver.wantsMore()) {
                receiver.spans(traceId, Objects.requireNonNull(bytes.take()), spans);
            }
        });
    }

    private static void collect(Row row, int file, Map<TraceId, FetchRequest> wanted,
            Map<TraceId, TraceBytes> found) {
        new OtlpSpans().forEach(row.value(), 0, row.value().length, span -> {
            FetchRequest request = wanted.get(span.traceId());
            if (request != null && isIn(request, row, file)) {
                found.computeIfAbsent(span.traceId(), unseen -> new TraceBytes()).add(span);
            }
        });
    }

    private static boolean isIn(FetchRequest request, Row row, int file) {
        return request.locations().isEmpty()
                ? row.timestampMillis() >= request.firstArrivalMillis()
                        && row.timestampMillis() <= request.lastArrivalMillis()
                : request.locations().contains(file);
    }
}
