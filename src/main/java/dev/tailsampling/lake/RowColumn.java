package dev.tailsampling.lake;

import dev.tailsampling.parquet.ColumnCursor;
import dev.tailsampling.parquet.ColumnPage;
import dev.tailsampling.parquet.Dictionary;
import dev.tailsampling.parquet.Leaf;
import dev.tailsampling.parquet.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * A column at the current row. It follows only when it is asked, so pages at whose rows nobody asks are not decompressed.
 * Not thread-safe.
 */
final class RowColumn {

    private final CurrentRow current;
    private final ColumnCursor cursor;
    private @Nullable ColumnPage page;
    private long cursorRow;
    private long pageStart;
    private long pageEnd;

    RowColumn(CurrentRow current, RowGroup rows, Leaf leaf) {
        this.current = current;
        this.cursor = rows.cursor(leaf);
    }

    Leaf leaf() {
        return cursor.leaf();
    }

    /** The page with the current row. */
    ColumnPage page() {
        ColumnPage present = page;
        long row = current.index();
        return present != null && row < pageEnd ? present : turnTo(row);
    }

    /** Place of the current row in {@link #page}, after that was asked for. */
    int row() {
        return (int) (current.index() - pageStart);
    }

    /** Number of the current row in its row group: pages are reused, so they do not tell one from another. */
    long rowIndex() {
        return current.index();
    }

    private ColumnPage turnTo(long row) {
        cursor.skip(row - cursorRow);
        cursorRow = row;
        pageEnd = row + cursor.rowsInPage();
        pageStart = row - cursor.rowInPage();
        ColumnPage next = cursor.page();
        page = next;
        return next;
    }

    /** The values of the whole column chunk if no other can occur in it, else null. Decompresses no page. */
    @Nullable
    Dictionary allValues() {
        return cursor.isAllByDictionary() ? cursor.dictionary() : null;
    }
}
