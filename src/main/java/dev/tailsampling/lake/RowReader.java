package dev.tailsampling.lake;

import dev.tailsampling.lake.SpanReader.RowSelection;
import dev.tailsampling.parquet.ColumnCursor;
import dev.tailsampling.parquet.ColumnPage;
import dev.tailsampling.parquet.Leaf;
import dev.tailsampling.parquet.RowGroup;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads data files whose rows are messages: where the rows stood first, and the messages of the pages that hold a selected
 * one. Not thread-safe.
 */
final class RowReader {

    /** Receives rows in the order of the file. */
    @FunctionalInterface
    interface RowVisitor {
        /**
         * One row.
         *
         * @param value holds the message; valid only during the call, to be left unchanged
         * @param from where it begins
         * @param length its size in bytes; 0 for a tombstone
         */
        void row(int partition, long offset, long timestampMillis, byte[] value, int from, int length);
    }

    private static final byte[] NOTHING = {};

    private final TableName name;
    private final DataFiles files;
    private final BoundLayout.Records layout;

    RowReader(TableName name, DataFiles files, BoundLayout.Records layout) {
        this.name = name;
        this.files = files;
        this.layout = layout;
    }

    /** These files will be visited next. */
    void expect(List<PlannedFile> next) {
        files.expect(next, this::leaves);
    }

    /** Lets go of what was loaded ahead. */
    void close() {
        files.close();
    }

    private Collection<Leaf> leaves(PlannedFile file, FileLeaves leaves) {
        return Stream.concat(columns(file, leaves).leaves().stream(),
                Stream.ofNullable(leaves.of(layout.value().fieldId()))).toList();
    }

    private PositionLeaves columns(PlannedFile file, FileLeaves leaves) {
        return PositionLeaves.of(name, layout.row(), file, leaves);
    }

    /** Visits the selected rows of a file that is new, or read again from its beginning. */
    void scan(PlannedFile file, RowSelection selection, RowVisitor visitor) {
        try (DataFiles.Open open = files.openToScan(file)) {
            forEach(file, open, selection, visitor);
        }
    }

    /** Visits the selected rows of a file that was scanned before. */
    void fetch(PlannedFile file, RowSelection selection, RowVisitor visitor) {
        try (DataFiles.Open open = files.open(file)) {
            forEach(file, open, selection, visitor);
        }
    }

    private void forEach(PlannedFile file, DataFiles.Open open, RowSelection selection, RowVisitor visitor) {
        PositionLeaves columns = columns(file, open.leaves());
        Leaf value = open.leaves().of(layout.value().fieldId());
        for (RowGroup group : open.parquet().rowGroups()) {
            if (selection.maySelect(columns.partitions(group), columns.offsets(group))) {
                new Rows(new RowPositions(columns, file, group), value == null ? null : group.cursor(value),
                        group.rowCount()).forEach(selection, visitor);
            }
        }
    }

    /** Visits the positions of all rows, without reading their values. */
    void forEachPosition(PlannedFile file, SpanReader.PositionVisitor visitor) {
        try (DataFiles.Open open = files.open(file)) {
            PositionLeaves columns = columns(file, open.leaves()).withoutArrival();
            for (RowGroup group : open.parquet().rowGroups()) {
                RowPositions positions = new RowPositions(columns, file, group);
                new Rows(positions, null, group.rowCount()).forEachPosition(visitor);
            }
        }
    }

    /** The rows of a row group, in stretches within which no column turns a page. */
    private static final class Rows {

        private final RowPositions positions;
        private final @Nullable ColumnCursor values;
        private long left;

        Rows(RowPositions positions, @Nullable ColumnCursor values, long rowCount) {
            this.positions = positions;
            this.values = values;
            this.left = rowCount;
        }

        private int stretch() {
            int most = (int) Math.min(left, Integer.MAX_VALUE);
            return positions.rows(values == null ? most : Math.min(most, values.rowsInPage()));
        }

        private void skip(int rows) {
            positions.skip(rows);
            if (values != null) {
                values.skip(rows);
            }
            left -= rows;
        }

        void forEach(RowSelection selection, RowVisitor visitor) {
            while (left > 0) {
                int rows = stretch();
                positions.load();
                visit(rows, selection, visitor);
                skip(rows);
            }
        }

        /** A page of messages is decompressed when the first selected row on it comes. */
        private void visit(int rows, RowSelection selection, RowVisitor visitor) {
            for (int row = 0; row < rows; row++) {
                int partition = positions.partition(row);
                long offset = positions.offset(row);
                long timestampMillis = positions.arrivalMillis(row);
                if (selection.selects(partition, offset, timestampMillis)) {
                    visit(row, partition, offset, timestampMillis, visitor);
                }
            }
        }

        private void visit(int row, int partition, long offset, long timestampMillis, RowVisitor visitor) {
            if (values == null) {
                visitor.row(partition, offset, timestampMillis, NOTHING, 0, 0);
                return;
            }
            ColumnPage page = values.page();
            int entry = values.rowInPage() + row;
            int length = page.isNull(entry) ? 0 : page.lengthOf(entry);
            visitor.row(partition, offset, timestampMillis, page.bytesOf(entry), page.offsetOf(entry), length);
        }

        void forEachPosition(SpanReader.PositionVisitor visitor) {
            while (left > 0) {
                int rows = stretch();
                positions.load();
                for (int row = 0; row < rows; row++) {
                    visitor.row(positions.partition(row), positions.offset(row));
                }
                skip(rows);
            }
        }
    }
}
