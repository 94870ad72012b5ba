package dev.tailsampling.lake;

import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.parquet.ColumnPage;
import dev.tailsampling.parquet.Leaf;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** A column of whole numbers, times among them. Not thread-safe. */
final class NumberColumn {

    private final @Nullable RowColumn column;
    private final EpochUnit unit;
    private final boolean isFloating;

    /** Of a column that the file may not have; a file that says in which unit its times are is believed. */
    NumberColumn(@Nullable RowColumn column, EpochUnit stated) {
        this.column = column;
        this.unit = column == null ? stated : unit(column.leaf(), stated);
        this.isFloating = column != null && switch (column.leaf().physicalType()) {
            case FLOAT, DOUBLE -> true;
            default -> false;
        };
    }

    /** The unit of a column's times: what the file says goes before what was stated. */
    static EpochUnit unit(Leaf leaf, EpochUnit stated) {
        if (leaf.physicalType() == PrimitiveTypeName.INT96) {
            return EpochUnit.NS;
        }
        return leaf.logicalType() instanceof TimestampLogicalTypeAnnotation timestamp ? switch (timestamp.getUnit()) {
            case MILLIS -> EpochUnit.MS;
            case MICROS -> EpochUnit.US;
            case NANOS -> EpochUnit.NS;
        } : stated;
    }

    boolean isThere() {
        return column != null;
    }

    /** Whether the current row has a value. */
    boolean hasValue() {
        return column != null && !column.page().isNull(column.row());
    }

    /** The current row's number, 0 where there is none. */
    long value() {
        return column == null ? 0 : value(column.page(), column.row());
    }

    /** The number at that place of the current row's list, 0 where there is none. */
    long value(int item) {
        if (column == null) {
            return 0;
        }
        ColumnPage page = column.page();
        int entry = page.entryStart(column.row()) + item;
        return entry < page.entryStart(column.row() + 1) ? value(page, entry) : 0;
    }

    private long value(ColumnPage page, int entry) {
        return isFloating ? (long) page.doubleAt(entry) : page.longAt(entry);
    }

    /** The current row's time or duration in nanoseconds, 0 where there is none. */
    long nanos() {
        return unit.toNanos(value());
    }

    long nanos(int item) {
        return unit.toNanos(value(item));
    }

    /** The current row's time in milliseconds, 0 where there is none. */
    long millis() {
        return unit.toMillis(value());
    }
}
