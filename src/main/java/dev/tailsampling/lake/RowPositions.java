package dev.tailsampling.lake;

import dev.tailsampling.parquet.ColumnCursor;
import dev.tailsampling.parquet.ColumnPage;
import dev.tailsampling.parquet.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of a row group stood in Kafka and when they arrived, read column by column. A row of a table that does
 * not say it has the position (0, data sequence number of its file), or the arrival 0. Not thread-safe.
 */
final class RowPositions {

    private final PositionLeaves columns;
    private final PlannedFile file;
    private final @Nullable ColumnCursor partitions;
    private final @Nullable ColumnCursor offsets;
    private final @Nullable ColumnCursor arrivals;
    private @Nullable ColumnPage partitionPage;
    private @Nullable ColumnPage offsetPage;
    private @Nullable ColumnPage arrivalPage;
    private int rowInPartitionPage;
    private int rowInOffsetPage;
    private int rowInArrivalPage;

    RowPositions(PositionLeaves columns, PlannedFile file, RowGroup group) {
        this.columns = columns;
        this.file = file;
        this.partitions = cursor(columns.partition(), group);
        this.offsets = cursor(columns.offset(), group);
        this.arrivals = cursor(columns.arrival(), group);
    }

    private static @Nullable ColumnCursor cursor(PositionLeaves.@Nullable Column column, RowGroup group) {
        return column == null ? null : group.cursor(column.leaf());
    }

    /** How many rows can be asked for now, at most so many. */
    int rows(int most) {
        return Math.min(rows(partitions, most), Math.min(rows(offsets, most), rows(arrivals, most)));
    }

    private static int rows(@Nullable ColumnCursor cursor, int most) {
        return cursor == null ? most : Math.min(most, cursor.rowsInPage());
    }

    /** Turns to the rows that {@link #rows} has announced. */
    void load() {
        if (partitions != null) {
            partitionPage = partitions.page();
            rowInPartitionPage = partitions.rowInPage();
        }
        if (offsets != null) {
            offsetPage = offsets.page();
            rowInOffsetPage = offsets.rowInPage();
        }
        if (arrivals != null) {
            arrivalPage = arrivals.page();
            rowInArrivalPage = arrivals.rowInPage();
        }
    }

    int partition(int row) {
        return partitionPage == null ? 0 : (int) value(partitionPage, rowInPartitionPage + row, columns.partition());
    }

    long offset(int row) {
        return offsetPage == null
                ? file.dataSequenceNumber()
                : value(offsetPage, rowInOffsetPage + row, columns.offset());
    }

    /** Milliseconds since the epoch. */
    long arrivalMillis(int row) {
        PositionLeaves.Column column = columns.arrival();
        return arrivalPage == null || column == null
                ? 0
                : column.unit().toMillis(value(arrivalPage, rowInArrivalPage + row, column));
    }

    private long value(ColumnPage page, int entry, PositionLeaves.@Nullable Column column) {
        if (page.mayHaveNulls() && page.isNull(entry)) {
            throw columns.missing(column, file);
        }
        return page.longAt(entry);
    }

    /** Goes on. */
    void skip(int rows) {
        skip(partitions, rows);
        skip(offsets, rows);
        skip(arrivals, rows);
    }

    private static void skip(@Nullable ColumnCursor cursor, int rows) {
        if (cursor != null) {
            cursor.skip(rows);
        }
    }
}
