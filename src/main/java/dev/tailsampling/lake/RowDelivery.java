package dev.tailsampling.lake;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanSink;

/** Delivers rows to a sink, each (partition, offset) once, and counts. Lives for one read; not thread-safe. */
final class RowDelivery {

    private final Locations locations;
    private final SpanSink sink;
    private final OffsetRanges delivered = new OffsetRanges();
    private int files;
    private long bytes;
    private long rows;
    private long duplicateRows;
    private long maxTimestampMillis = SourceCursor.NO_TABLE_TIME;

    RowDelivery(Locations locations, SpanSink sink) {
        this.locations = locations;
        this.sink = sink;
    }

    /** Delivers the rows of a file from these offsets on; the others are duplicates. */
    void deliverFrom(PlannedFile file, PinnedTable table, SourceOffsets fromInclusive) {
        deliver(file, table, (partition, offset) -> {
            if (offset < fromInclusive.of(partition) || !delivered.add(partition, offset)) {
                duplicateRows++;
                return false;
            }
            return true;
        });
    }

    /** Delivers the rows of a file within these offsets; the others are none of this read's business. */
    void deliverWithin(PlannedFile file, PinnedTable table, SourceOffsets fromInclusive,
            SourceOffsets untilExclusive) {
        deliver(file, table, (partition, offset) -> offset >= fromInclusive.of(partition)
                && offset < untilExclusive.of(partition) && delivered.add(partition, offset));
    }

    /** Which rows are delivered. */
    private interface Selection {
        boolean selects(int partition, long offset);
    }

    private void deliver(PlannedFile file, PinnedTable table, Selection selection) {
        files++;
        bytes += file.sizeInBytes();
        Locations.Location location = locations.register(file);
        MessageDecoder decoder = new MessageDecoder(table.layout().encoding());
        table.rows().forEach(file, (partition, offset, timestampMillis, value, from, length) -> {
            if (selection.selects(partition, offset)) {
                location.delivered(partition, offset);
                rows++;
                maxTimestampMillis = Math.max(maxTimestampMillis, timestampMillis);
                deliver(new SourceRow(partition, offset, timestampMillis, location.number()), decoder, value, from,
                        length);
            }
        });
    }

    private void deliver(SourceRow row, MessageDecoder decoder, byte[] value, int from, int length) {
        try {
            decoder.forEach(value, from, length, span -> sink.span(span, row));
        } catch (MalformedOtlpException e) {
            sink.undecodable(row, String.valueOf(e.getMessage()));
        }
    }

    /** Positions delivered so far. */
    OffsetRanges delivered() {
        return delivered;
    }

    int files() {
        return files;
    }

    long bytes() {
        return bytes;
    }

    long rows() {
        return rows;
    }

    long duplicateRows() {
        return duplicateRows;
    }

    /** Greatest record timestamp delivered, {@link SourceCursor#NO_TABLE_TIME} if none was. */
    long maxTimestampMillis() {
        return maxTimestampMillis;
    }
}
