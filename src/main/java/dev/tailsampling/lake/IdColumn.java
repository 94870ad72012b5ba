package dev.tailsampling.lake;

import dev.tailsampling.parquet.ColumnPage;
import org.jspecify.annotations.Nullable;

/** A column of ids. Not thread-safe. */
final class IdColumn {

    private static final byte[] NO_BYTES = {};

    private final @Nullable RowColumn column;
    private final boolean isText;
    private final IdText id = new IdText();

    /** Of a column that the file may not have. */
    IdColumn(@Nullable RowColumn column, boolean isText) {
        this.column = column;
        this.isText = isText;
    }

    /** Reads the current row's id, 0 where there is none. False if there is something else. */
    boolean read() {
        if (column == null) {
            return id.ofBytes(NO_BYTES, 0, 0);
        }
        ColumnPage page = column.page();
        return read(page, column.row());
    }

    /** Reads the item at that place of the current row's list. */
    boolean read(int item) {
        return column == null ? id.ofBytes(NO_BYTES, 0, 0) : readItem(column.page(), column.row(), item);
    }

    private boolean readItem(ColumnPage page, int row, int item) {
        int entry = page.entryStart(row) + item;
        return entry < page.entryStart(row + 1) ? read(page, entry) : id.ofBytes(NO_BYTES, 0, 0);
    }

    private boolean read(ColumnPage page, int entry) {
        byte[] bytes = page.bytesOf(entry);
        int offset = page.offsetOf(entry);
        int length = page.lengthOf(entry);
        return isText ? id.ofText(bytes, offset, length) : id.ofBytes(bytes, offset, length);
    }

    long high() {
        return id.high();
    }

    long low() {
        return id.low();
    }
}
