package dev.tailsampling.lake;

import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.SpanColumns;
import dev.tailsampling.layout.TableLayout;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * A table's layout with its columns found: by name in the current schema, from there on by field id, since columns come
 * and go and ids differ from table to table. Immutable.
 */
sealed interface BoundLayout {

    /** The columns that say where a row stood in Kafka and when it arrived. */
    RowColumns row();

    /** The column that tells of which trace a row has spans; null if the table has none, or none with one value in a row. */
    @Nullable
    TraceKey traceKey();

    /** Each row is a message. */
    record Records(TableLayout.Records layout, RowColumns row, @Nullable TraceKey traceKey, LeafColumn value)
            implements
                BoundLayout {}

    /** Each row is a message in nested columns. */
    record Nested(TableLayout.Nested layout, RowColumns row, @Nullable TraceKey traceKey, NestedField resourceSpans)
            implements
                BoundLayout {}

    /**
     * Each row is a span.
     *
     * @param columns those that the table has, of an admissible type each; null where it has none. A path is that of a
     *     field in the schema; within a list of structs it is a name of a field of the element
     * @param schema the current schema of the table
     */
    record Spans(TableLayout.Spans layout, RowColumns row, @Nullable TraceKey traceKey, SpanColumns columns,
            Schema schema) implements BoundLayout {}

    /**
     * What places a row.
     *
     * @param position null if the table does not say which Kafka record a row is
     * @param arrival null if the table does not say when a row arrived
     */
    record RowColumns(@Nullable Position position, @Nullable Arrival arrival) {}

    /** Kafka partition, int, and offset, long. */
    record Position(LeafColumn partition, LeafColumn offset) {}

    /**
     * A column that tells of which trace a row has spans.
     *
     * @param column string, binary, fixed or uuid
     * @param isTraceId whether it is the row's trace id; else it is a record's key, which is the trace id in hex where the
     *     sender partitions by it, and anything elsewhere
     */
    record TraceKey(LeafColumn column, boolean isTraceId) {}

    /** When a row arrived, in a number of that unit since the epoch. */
    record Arrival(LeafColumn column, EpochUnit unit) {}
}
