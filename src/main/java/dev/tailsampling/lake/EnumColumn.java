package dev.tailsampling.lake;

import dev.tailsampling.parquet.ColumnPage;
import dev.tailsampling.parquet.Dictionary;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** A column of numbers of an enum, or of their names, which are read once each where there is a dictionary. */
final class EnumColumn {

    private final @Nullable RowColumn column;
    private final boolean isText;
    private final ToIntFunction<String> numberOf;
    private @Nullable Dictionary dictionary;
    private int[] numbers = {};

    /**
     * Of a column that the file may not have.
     *
     * @param numberOf number of a name
     */
    EnumColumn(@Nullable RowColumn column, ToIntFunction<String> numberOf) {
        this.column = column;
        this.isText = column != null && column.leaf().physicalType() == PrimitiveTypeName.BINARY;
        this.numberOf = numberOf;
    }

    /** The current row's number, 0 where there is none. */
    int value() {
        if (column == null) {
            return 0;
        }
        ColumnPage page = column.page();
        int row = column.row();
        return isText ? ofName(page, row) : (int) page.longAt(row);
    }

    private int ofName(ColumnPage page, int row) {
        int id = page.dictionaryIdOf(row);
        Dictionary known = page.dictionary();
        if (id < 0 || known == null) {
            return page.isNull(row) ? 0 : number(page.bytesOf(row), page.offsetOf(row), page.lengthOf(row));
        }
        if (known != dictionary) {
            dictionary = known;
            numbers = new int[known.size()];
            for (int each = 0; each < numbers.length; each++) {
                numbers[each] = number(known.bytes(), known.offsetOf(each), known.lengthOf(each));
            }
        }
        return numbers[id];
    }

    private int number(byte[] utf8, int offset, int length) {
        return numberOf.applyAsInt(new String(utf8, offset, length, StandardCharsets.UTF_8));
    }
}
