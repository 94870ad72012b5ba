package dev.tailsampling.lake;

import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceState;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/**
 * Kept spans on their way into files that belong to nobody yet. Traces are held until they make a file, and then written in
 * the order of their ids. Not thread-safe.
 */
final class PendingSpans {

    /** Clocks that are far off make a partition each, and each open file takes memory. */
    private static final int MAX_OPEN_DAYS = 16;
    private static final Comparator<SampledTrace> BY_TRACE_ID = Comparator.comparing(SampledTrace::traceId);

    private final Table table;
    private final SpanRows rows;
    private final long targetFileBytes;
    private final List<SampledTrace> held = new ArrayList<>();
    private final List<DataFile> files = new ArrayList<>();
    private final Set<Long> days = new HashSet<>();
    private @Nullable DataFileWriter writer;
    private long heldBytes;
    private int writers;

    /**
     * Opens no file yet.
     *
     * @param targetFileBytes spans of about so many bytes, as OTLP, make a file; so many are held in memory
     */
    PendingSpans(Table table, long targetFileBytes) {
        this.table = table;
        this.rows = new SpanRows(table.schema());
        this.targetFileBytes = targetFileBytes;
    }

    void add(List<SampledTrace> traces) {
        for (SampledTrace trace : traces) {
            held.add(trace);
            heldBytes += trace.otlp().length;
            if (heldBytes >= targetFileBytes) {
                write();
            }
        }
    }

    private void write() {
        held.sort(BY_TRACE_ID);
        held.forEach(trace -> rows.forEach(trace.otlp(), (span, row) -> write(trace, span, row)));
        held.clear();
        heldBytes = 0;
        closeFiles();
    }

    private void write(SampledTrace trace, SpanView span, Record row) {
        long start = span.startUnixNano();
        row.setField(SampledSpansSchema.START_TIME, start == 0 ? null : timestamp(start));
        row.setField(SampledSpansSchema.SAMPLING_POLICY, trace.policy());
        Threshold threshold = trace.threshold();
        row.setField(SampledSpansSchema.SAMPLING_THRESHOLD, threshold == null ? null : threshold.th());
        row.setField(SampledSpansSchema.ADJUSTED_COUNT, adjustedCount(span));
        long day = Math.floorDiv(start, TimeUnit.DAYS.toNanos(1));
        if (days.size() == MAX_OPEN_DAYS && !days.contains(day)) {
            closeFiles();
        }
        days.add(day);
        writer().write(row);
    }

    private static OffsetDateTime timestamp(long unixNano) {
        return Instant.EPOCH.plusNanos(unixNano).truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    /** The span leaves with the threshold of all samplers up to here. */
    private static @Nullable Double adjustedCount(SpanView span) {
        String header = span.traceState();
        TraceState state = header == null ? null : TraceState.parse(header);
        Threshold threshold = state == null ? null : state.ot().threshold();
        return threshold == null ? null : threshold.adjustedCount();
    }

    private DataFileWriter writer() {
        DataFileWriter open = writer;
        if (open == null) {
            open = new DataFileWriter(table, ++writers, 0, Long.MAX_VALUE);
            writer = open;
        }
        return open;
    }

    private void closeFiles() {
        DataFileWriter open = writer;
        writer = null;
        days.clear();
        if (open != null) {
            open.complete().forEach(file -> files.add(DataFileWriter.sorted(table, file)));
        }
    }

    /** Writes what is held and returns all files, which are the caller's from then on. */
    List<DataFile> complete() {
        write();
        List<DataFile> complete = List.copyOf(files);
        files.clear();
        return complete;
    }

    /** Deletes the files that are not the caller's. */
    void abort() {
        held.clear();
        closeFiles();
        DataFileWriter.delete(table, files);
        files.clear();
    }
}
