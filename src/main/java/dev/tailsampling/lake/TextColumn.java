package dev.tailsampling.lake;

import dev.tailsampling.parquet.ColumnPage;
import dev.tailsampling.parquet.Dictionary;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A column of texts. Those of a dictionary are decoded once. Not thread-safe. */
final class TextColumn {

    /** Receives a text in UTF-8. */
    @FunctionalInterface
    interface Utf8 {
        void text(byte[] utf8, int offset, int length);
    }

    private static final byte[] NO_BYTES = {};

    private final @Nullable RowColumn column;
    private @Nullable Dictionary dictionary;
    private @Nullable String[] decoded = {};

    /** Of a column that the file may not have. */
    TextColumn(@Nullable RowColumn column) {
        this.column = column;
    }

    /** Whether the current row has no text, or an empty one. */
    boolean isEmpty() {
        return column == null || column.page().lengthOf(column.row()) == 0;
    }

    /** The current row's text, empty where there is none. */
    String value() {
        return column == null ? "" : value(column.page(), column.row());
    }

    /** The text at that place of the current row's list, empty where there is none. */
    String value(int item) {
        int entry = entry(item);
        return column == null || entry < 0 ? "" : value(column.page(), entry);
    }

    private int entry(int item) {
        if (column == null) {
            return -1;
        }
        ColumnPage page = column.page();
        int entry = page.entryStart(column.row()) + item;
        return entry < page.entryStart(column.row() + 1) ? entry : -1;
    }

    private String value(ColumnPage page, int entry) {
        int id = page.dictionaryIdOf(entry);
        Dictionary known = page.dictionary();
        return id < 0 || known == null ? decode(page, entry) : ofDictionary(known, id, page, entry);
    }

    private String ofDictionary(Dictionary known, int id, ColumnPage page, int entry) {
        if (known != dictionary) {
            dictionary = known;
            decoded = new String[known.size()];
        }
        String text = decoded[id];
        if (text == null) {
            text = decode(page, entry);
            decoded[id] = text;
        }
        return text;
    }

    private static String decode(ColumnPage page, int entry) {
        int length = page.lengthOf(entry);
        return length == 0 ? "" : new String(page.bytesOf(entry), page.offsetOf(entry), length, StandardCharsets.UTF_8);
    }

    /** Hands over the current row's text, an empty one where there is none. */
    void utf8(Utf8 receiver) {
        if (column == null) {
            receiver.text(NO_BYTES, 0, 0);
        } else {
            ColumnPage page = column.page();
            int row = column.row();
            receiver.text(page.bytesOf(row), page.offsetOf(row), page.lengthOf(row));
        }
    }

    /** Hands over the text at that place of the current row's list. */
    void utf8(int item, Utf8 receiver) {
        int entry = entry(item);
        if (column == null || entry < 0) {
            receiver.text(NO_BYTES, 0, 0);
        } else {
            ColumnPage page = column.page();
            receiver.text(page.bytesOf(entry), page.offsetOf(entry), page.lengthOf(entry));
        }
    }
}
