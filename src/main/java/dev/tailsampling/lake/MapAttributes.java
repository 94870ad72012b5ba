package dev.tailsampling.lake;

import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.parquet.ColumnPage;
import dev.tailsampling.parquet.Dictionary;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeKeys;
import dev.tailsampling.trace.AttributeValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attributes in a map, or in a list of keys with values: a column of keys, and one of values for each type. A key is
 * looked up in the dictionary of keys first, so that values are read only where the key is. Values that are null count as
 * absent. Not thread-safe.
 */
final class MapAttributes implements ColumnAttributes {

    private final RowColumn keys;
    private final List<ValueColumn> values;
    private final KeyIds ids = new KeyIds();
    private @Nullable Dictionary allKeys;
    private boolean allKeysAsked;
    private boolean isItem;
    private int itemStart;
    private int itemEnd;

    MapAttributes(RowColumn keys, List<ValueColumn> values) {
        this.keys = keys;
        this.values = values;
    }

    private @Nullable Dictionary allKeys() {
        if (!allKeysAsked) {
            allKeysAsked = true;
            allKeys = keys.allValues();
        }
        return allKeys;
    }

    @Override
    public void moveTo(int item) {
        ColumnPage page = keys.page();
        int first = page.entryStart(keys.row());
        int count = page.entryStart(keys.row() + 1) - first;
        isItem = true;
        itemStart = item == 0 ? 0 : itemEnd;
        int end = itemStart;
        do {
            end++;
        } while (end < count && page.repetitionLevel(first + end) > 1);
        itemEnd = Math.min(end, count);
    }

    /** Places are counted from the first entry of the row, which keys and values have in common. */
    private int start() {
        return isItem ? itemStart : 0;
    }

    private int end(ColumnPage page) {
        return isItem ? itemEnd : page.entryStart(keys.row() + 1) - page.entryStart(keys.row());
    }

    @Override
    public @Nullable AttributeValue get(AttributeKey key) {
        Dictionary all = allKeys();
        if (all != null && ids.of(key, all) < 0) {
            return null;
        }
        ColumnPage page = keys.page();
        Dictionary dictionary = page.dictionary();
        return dictionary == null ? find(key, page) : find(ids.of(key, dictionary), page);
    }

    private @Nullable AttributeValue find(int wanted, ColumnPage page) {
        if (wanted < 0) {
            return null;
        }
        int[] found = page.dictionaryIds();
        int first = page.entryStart(keys.row());
        int end = end(page);
        for (int place = start(); place < end; place++) {
            if (found[first + place] == wanted) {
                AttributeValue value = value(place);
                if (value != null) {
                    return value;
                }
            }
        }
        return null;
    }

    private @Nullable AttributeValue find(AttributeKey key, ColumnPage page) {
        int first = page.entryStart(keys.row());
        int end = end(page);
        for (int place = start(); place < end; place++) {
            int entry = first + place;
            if (key.matches(page.bytesOf(entry), page.offsetOf(entry), page.lengthOf(entry)) && !page.isNull(entry)) {
                AttributeValue value = value(place);
                if (value != null) {
                    return value;
                }
            }
        }
        return null;
    }

    private @Nullable AttributeValue value(int place) {
        for (int i = 0; i < values.size(); i++) {
            AttributeValue value = values.get(i).value(place);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    @Override
    public void read(AttributeKeys wanted, Receiver receiver) {
        Dictionary all = allKeys();
        if (all != null && !ids.hasAny(wanted, all)) {
            return;
        }
        ColumnPage page = keys.page();
        Dictionary dictionary = page.dictionary();
        if (dictionary != null && !ids.hasAny(wanted, dictionary)) {
            return;
        }
        int first = page.entryStart(keys.row());
        int end = end(page);
        for (int place = start(); place < end; place++) {
            int entry = first + place;
            int number = page.isNull(entry) ? -1 : dictionary == null
                    ? wanted.numberOf(page.bytesOf(entry), page.offsetOf(entry), page.lengthOf(entry))
                    : ids.number(page.dictionaryIdOf(entry));
            if (number >= 0 && receiver.wants(number)) {
                AttributeValue value = value(place);
                if (value != null) {
                    receiver.value(number, value);
                }
            }
        }
    }

    @Override
    public int size() {
        ColumnPage page = keys.page();
        int first = page.entryStart(keys.row());
        int end = end(page);
        int size = 0;
        for (int place = start(); place < end; place++) {
            if (!page.isNull(first + place) && value(place) != null) {
                size++;
            }
        }
        return size;
    }

    @Override
    public void writeTo(SpanEncoder encoder, @Nullable AttributeKey leftOut) {
        ColumnPage page = keys.page();
        int first = page.entryStart(keys.row());
        int end = end(page);
        for (int place = start(); place < end; place++) {
            int entry = first + place;
            byte[] bytes = page.bytesOf(entry);
            int offset = page.offsetOf(entry);
            int length = page.lengthOf(entry);
            if (!page.isNull(entry) && (leftOut == null || !leftOut.matches(bytes, offset, length))) {
                write(place, bytes, offset, length, encoder);
            }
        }
    }

    private void write(int place, byte[] key, int offset, int length, SpanEncoder encoder) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i).write(place, key, offset, length, encoder)) {
                return;
            }
        }
    }
}
