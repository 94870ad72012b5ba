package dev.tailsampling.lake;

import dev.tailsampling.parquet.ColumnPage;
import dev.tailsampling.parquet.Dictionary;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A column of ids. Those of a dictionary are read once each. Not thread-safe. */
final class IdColumn {

    private static final byte[] NO_BYTES = {};

    private final @Nullable RowColumn column;
    private final boolean isText;
    private final IdText reader = new IdText();
    private @Nullable Dictionary dictionary;
    /** High and low part of each id of the dictionary, and of none at its end. */
    private long[] parts = {};
    private final BitSet unreadable = new BitSet();
    private long high;
    private long low;

    /** Of a column that the file may not have. */
    IdColumn(@Nullable RowColumn column, boolean isText) {
        this.column = column;
        this.isText = isText;
    }

    /** Reads the current row's id, 0 where there is none. False if there is something else, which counts as 0, too. */
    boolean read() {
        return column == null ? readBytes(NO_BYTES, 0, 0) : read(column.page(), column.row());
    }

    /** Reads the item at that place of the current row's list. */
    boolean read(int item) {
        if (column == null) {
            return readBytes(NO_BYTES, 0, 0);
        }
        ColumnPage page = column.page();
        int entry = page.entryStart(column.row()) + item;
        return entry < page.entryStart(column.row() + 1) ? read(page, entry) : readBytes(NO_BYTES, 0, 0);
    }

    private boolean read(ColumnPage page, int entry) {
        Dictionary known = page.dictionary();
        if (known == null) {
            return readBytes(page.bytesOf(entry), page.offsetOf(entry), page.lengthOf(entry));
        }
        if (known != dictionary) {
            readAll(known);
        }
        int id = page.dictionaryIds()[entry];
        high = parts[2 * id];
        low = parts[2 * id + 1];
        return unreadable.isEmpty() || !unreadable.get(id);
    }

    private void readAll(Dictionary of) {
        dictionary = of;
        parts = new long[2 * of.size() + 2];
        unreadable.clear();
        for (int id = 0; id < of.size(); id++) {
            if (!readBytes(of.bytes(), of.offsetOf(id), of.lengthOf(id))) {
                unreadable.set(id);
            }
            parts[2 * id] = high;
            parts[2 * id + 1] = low;
        }
    }

    private boolean readBytes(byte[] bytes, int offset, int length) {
        boolean valid = isText ? reader.ofText(bytes, offset, length) : reader.ofBytes(bytes, offset, length);
        high = reader.high();
        low = reader.low();
        return valid;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }
}
