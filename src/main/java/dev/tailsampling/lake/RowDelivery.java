package dev.tailsampling.lake;

import dev.tailsampling.parquet.CorruptFileException;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.trace.SpanView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers rows to a sink, each (partition, offset) once, and counts. Lives for one read; not thread-safe. */
final class RowDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(RowDelivery.class);

    private final Locations locations;
    private final SpanSink sink;
    private final OffsetRanges delivered = new OffsetRanges();
    private final Set<String> wholeFiles = new HashSet<>();
    private final Set<String> damagedFiles = new HashSet<>();
    private @Nullable String begun;
    private long rowsOfBegun;
    private int files;
    private long bytes;
    private long rows;
    private long duplicateRows;
    private long maxTimestampMillis = SourceCursor.NO_TABLE_TIME;
    private long maxActiveMillis = SourceCursor.NO_TABLE_TIME;

    RowDelivery(Locations locations, SpanSink sink) {
        this.locations = locations;
        this.sink = sink;
    }

    /** Delivers the rows of new files from these offsets on; the others are duplicates. */
    void deliverFrom(List<PlannedFile> newFiles, PinnedTable table, SourceOffsets fromInclusive) {
        table.spans().expect(newFiles);
        newFiles.forEach(file -> deliver(file, table, (partition, offset, timestampMillis) -> {
            if (offset < fromInclusive.of(partition)) {
                duplicateRows++;
                return false;
            }
            return isFirst(partition, offset);
        }));
    }

    /** Delivers the rows within these offsets; the others are none of this read's business. */
    void deliverWithin(List<PlannedFile> someFiles, PinnedTable table, SourceOffsets fromInclusive,
            SourceOffsets untilExclusive) {
        table.spans().expect(someFiles);
        someFiles.forEach(file -> deliver(file, table,
                (partition, offset, timestampMillis) -> offset >= fromInclusive.of(partition)
                        && offset < untilExclusive.of(partition) && delivered.add(partition, offset)));
    }

    /**
     * Delivers all rows of a file, but those that an attempt before this one delivered.
     *
     * @throws SourceException if such an attempt was at another file, which has vanished meanwhile
     */
    void deliverWhole(PlannedFile file, PinnedTable table) {
        deliverOnce(file, table, (partition, offset, timestampMillis) -> true);
    }

    /** Delivers the rows that arrived in this range; of the others nothing is said. */
    void deliverArrived(List<PlannedFile> someFiles, PinnedTable table, long fromMillisInclusive,
            long untilMillisExclusive) {
        SpanReader.RowSelection inRange = (partition, offset, timestampMillis) -> timestampMillis >= fromMillisInclusive
                && timestampMillis < untilMillisExclusive;
        table.spans().expect(someFiles);
        for (PlannedFile file : someFiles) {
            if (table.hasPositions()) {
                deliver(file, table, (partition, offset, timestampMillis) -> inRange.selects(partition, offset,
                        timestampMillis) && isFirst(partition, offset));
            } else {
                deliverOnce(file, table, inRange);
            }
        }
    }

    private boolean isFirst(int partition, long offset) {
        boolean first = delivered.add(partition, offset);
        duplicateRows += first ? 0 : 1;
        return first;
    }

    /** Where rows have no positions, what an attempt has seen of a file is known by the number of its rows. */
    private void deliverOnce(PlannedFile file, PinnedTable table, SpanReader.RowSelection selection) {
        if (wholeFiles.contains(file.path())) {
            return;
        }
        if (begun != null && !begun.equals(file.path())) {
            throw new SourceException("file " + begun + " vanished while it was read, and its rows have no Kafka "
                    + "offsets by which to find them where they are now: keep snapshots "
                    + "(history.expire.max-snapshot-age-ms) for longer than a read takes, and start again");
        }
        begun = file.path();
        long[] row = new long[1];
        deliver(file, table, (partition, offset, timestampMillis) -> {
            row[0]++;
            if (row[0] <= rowsOfBegun) {
                return false;
            }
            rowsOfBegun++;
            return selection.selects(partition, offset, timestampMillis);
        });
        wholeFiles.add(file.path());
        begun = null;
        rowsOfBegun = 0;
    }

    /** What a damaged file held up to the defect has been delivered; the files beside it are not to suffer. */
    private void deliver(PlannedFile file, PinnedTable table, SpanReader.RowSelection selection) {
        files++;
        bytes += file.sizeInBytes();
        Locations.Location location = locations.register(file);
        try {
            table.spans().scan(file, sink.fields(), (partition, offset, timestampMillis) -> {
                boolean selected = selection.selects(partition, offset, timestampMillis);
                if (selected) {
                    location.delivered(partition, offset);
                    rows++;
                    maxTimestampMillis = Math.max(maxTimestampMillis, timestampMillis);
                    maxActiveMillis = Math.max(maxActiveMillis, Math.min(timestampMillis, file.committedByMillis()));
                }
                return selected;
            }, new ToSink(file, location.number()));
        } catch (CorruptFileException e) {
            setAside(file, e);
        }
    }

    /** A read that is attempted again comes by the file again. */
    private void setAside(PlannedFile file, CorruptFileException damage) {
        if (damagedFiles.add(file.path())) {
            LOG.warn("a damaged data file is set aside: {}", damage.getMessage());
            sink.unreadable(file.path(), String.valueOf(damage.getMessage()));
        }
    }

    /** Spans on their way to the sink. Those of one row come after each other. */
    private final class ToSink implements SpanReader.SpanVisitor {

        private final PlannedFile file;
        private final int location;
        private SourceRow row = new SourceRow(-1, -1, -1, -1);

        ToSink(PlannedFile file, int location) {
            this.file = file;
            this.location = location;
        }

        @Override
        public void span(SpanView span, int partition, long offset, long timestampMillis) {
            sink.span(span, row(partition, offset, timestampMillis));
        }

        @Override
        public void undecodable(int partition, long offset, long timestampMillis, String reason) {
            sink.undecodable(row(partition, offset, timestampMillis), reason);
        }

        private SourceRow row(int partition, long offset, long timestampMillis) {
            if (row.offset() != offset || row.partition() != partition || row.timestampMillis() != timestampMillis) {
                row = new SourceRow(partition, offset, timestampMillis, file.activeMillis(timestampMillis),
                        location);
            }
            return row;
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

    /** The same, where each was held at the commit of its row. */
    long maxActiveMillis() {
        return maxActiveMillis;
    }
}
