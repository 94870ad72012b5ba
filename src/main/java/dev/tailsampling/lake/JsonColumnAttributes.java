package dev.tailsampling.lake;

import dev.tailsampling.otlp.JsonAttributes;
import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.parquet.ColumnPage;
import dev.tailsampling.parquet.Dictionary;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.MapValue.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attributes in a column of JSON objects. Those of a dictionary are parsed once each. Not thread-safe. */
final class JsonColumnAttributes implements ColumnAttributes {

    private final RowColumn column;
    private @Nullable Dictionary dictionary;
    private @Nullable List<Entry>[] parsed = none(0);
    private int item;
    private long lastRow = -1;
    private int lastItem;
    private List<Entry> last = List.of();

    JsonColumnAttributes(RowColumn column) {
        this.column = column;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable List<Entry>[] none(int size) {
        return new List[size];
    }

    @Override
    public void moveTo(int place) {
        item = place;
    }

    private List<Entry> entries() {
        ColumnPage page = column.page();
        int entry = page.entryStart(column.row()) + item;
        if (entry >= page.entryStart(column.row() + 1) || page.isNull(entry)) {
            return List.of();
        }
        int id = page.dictionaryIdOf(entry);
        Dictionary known = page.dictionary();
        return id < 0 || known == null ? ofPage(page, entry) : ofDictionary(known, id, page, entry);
    }

    private List<Entry> ofPage(ColumnPage page, int entry) {
        if (column.rowIndex() != lastRow || item != lastItem) {
            last = parse(page, entry);
            lastRow = column.rowIndex();
            lastItem = item;
        }
        return last;
    }

    private List<Entry> ofDictionary(Dictionary known, int id, ColumnPage page, int entry) {
        if (known != dictionary) {
            dictionary = known;
            parsed = none(known.size());
        }
        List<Entry> entries = parsed[id];
        if (entries == null) {
            entries = parse(page, entry);
            parsed[id] = entries;
        }
        return entries;
    }

    private static List<Entry> parse(ColumnPage page, int entry) {
        return JsonAttributes.read(page.bytesOf(entry), page.offsetOf(entry), page.lengthOf(entry));
    }

    @Override
    public @Nullable AttributeValue get(AttributeKey key) {
        List<Entry> entries = entries();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).key().equals(key.name())) {
                return entries.get(i).value();
            }
        }
        return null;
    }

    @Override
    public int size() {
        return entries().size();
    }

    @Override
    public void writeTo(SpanEncoder encoder, @Nullable AttributeKey leftOut) {
        for (Entry entry : entries()) {
            if (leftOut == null || !leftOut.name().equals(entry.key())) {
                encoder.attribute(entry.key(), entry.value());
            }
        }
    }
}
