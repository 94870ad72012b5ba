package dev.tailsampling.layout;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A column that tells a layout: the table must have it, with one of these types. Immutable.
 *
 * @param column path
 * @param types admissible types, at least one
 */
public record ColumnTest(String column, Set<ColumnType> types) {

    public ColumnTest {
        if (types.isEmpty()) {
            throw new IllegalArgumentException("no type is admissible for column " + column);
        }
        types = Collections.unmodifiableSet(EnumSet.copyOf(types));
    }

    /** Whether a table has the column. */
    public boolean holds(TableColumns columns) {
        ColumnType type = columns.type(column);
        return type != null && types.contains(type);
    }
}
