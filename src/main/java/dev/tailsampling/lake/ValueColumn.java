package dev.tailsampling.lake;

import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.parquet.ColumnPage;
import dev.tailsampling.parquet.Dictionary;
import dev.tailsampling.trace.AttributeValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** A column with values of attributes, all of one type. Those of a dictionary are decoded once. Not thread-safe. */
final class ValueColumn {

    private final RowColumn column;
    private final Type.TypeID type;
    private @Nullable Dictionary dictionary;
    private @Nullable AttributeValue[] decoded = {};

    /**
     * Of a column.
     *
     * @param type in the table's schema: string, boolean, int, long, float, double, binary or fixed
     */
    ValueColumn(RowColumn column, Type.TypeID type) {
        this.column = column;
        this.type = type;
    }

    /** Whether values of this type can be read. */
    static boolean canRead(Type type) {
        return switch (type.typeId()) {
            case STRING, BOOLEAN, INTEGER, LONG, FLOAT, DOUBLE, BINARY, FIXED -> true;
            default -> false;
        };
    }

    /** The value at that place among the entries of the current row, null if it has none. */
    @Nullable
    AttributeValue value(int place) {
        ColumnPage page = column.page();
        int entry = page.entryStart(column.row()) + place;
        if (page.isNull(entry)) {
            return null;
        }
        int id = page.dictionaryIdOf(entry);
        Dictionary known = page.dictionary();
        if (id < 0 || known == null) {
            return decode(page, entry);
        }
        if (known != dictionary) {
            dictionary = known;
            decoded = new AttributeValue[known.size()];
        }
        AttributeValue value = decoded[id];
        if (value == null) {
            value = decode(page, entry);
            decoded[id] = value;
        }
        return value;
    }

    private AttributeValue decode(ColumnPage page, int entry) {
        return switch (type) {
            case BOOLEAN -> new AttributeValue.BoolValue(page.longAt(entry) != 0);
            case INTEGER, LONG -> new AttributeValue.LongValue(page.longAt(entry));
            case FLOAT, DOUBLE -> new AttributeValue.DoubleValue(page.doubleAt(entry));
            case BINARY, FIXED -> {
                int offset = page.offsetOf(entry);
                yield new AttributeValue.BytesValue(
                        Arrays.copyOfRange(page.bytesOf(entry), offset, offset + page.lengthOf(entry)));
            }
            default -> new AttributeValue.StringValue(new String(page.bytesOf(entry), page.offsetOf(entry),
                    page.lengthOf(entry), StandardCharsets.UTF_8));
        };
    }

    /** Writes the value at that place as an attribute of this key; false if there is none. */
    boolean write(int place, byte[] key, int keyOffset, int keyLength, SpanEncoder encoder) {
        ColumnPage page = column.page();
        int entry = page.entryStart(column.row()) + place;
        if (page.isNull(entry)) {
            return false;
        }
        if (type == Type.TypeID.STRING) {
            encoder.attribute(key, keyOffset, keyLength, page.bytesOf(entry), page.offsetOf(entry),
                    page.lengthOf(entry));
        } else {
            encoder.attribute(key, keyOffset, keyLength, decode(page, entry));
        }
        return true;
    }
}
