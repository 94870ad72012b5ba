package dev.tailsampling.lake;

import dev.tailsampling.parquet.ColumnPage;
import org.jspecify.annotations.Nullable;

/**
 * How many items the current row's list has.
 *
 * @param column a column with one entry for each item, null if the file has none
 * @param definitionLevel at which an entry stands for an item, and not for a list that is empty or null
 */
record ItemCount(@Nullable RowColumn column, int definitionLevel) {

    int get() {
        if (column == null) {
            return 0;
        }
        ColumnPage page = column.page();
        int first = page.entryStart(column.row());
        int entries = page.entryStart(column.row() + 1) - first;
        return entries == 1 && page.definitionLevel(first) < definitionLevel ? 0 : entries;
    }
}
