package dev.tailsampling.lake;

import dev.tailsampling.layout.ColumnType;
import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.layout.LayoutException;
import dev.tailsampling.layout.MappingCheck;
import dev.tailsampling.layout.PositionColumns;
import dev.tailsampling.layout.TableColumns;
import dev.tailsampling.layout.TableLayout;
import dev.tailsampling.layout.TimeColumn;
import dev.tailsampling.selector.SourceException;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Finds the columns of a layout in a table's schema. */
final class LayoutBinder {

    private static final String REMEDY =
            "; see catalog/README.md for the layouts that there are, and set storage.iceberg.layout to the one that is "
                    + "meant, or to a mapping file of your own";

    private static final Set<ColumnType> KEYS =
            Set.of(ColumnType.STRING, ColumnType.BINARY, ColumnType.FIXED, ColumnType.UUID);

    private final TableName table;
    private final Schema schema;
    private final TableColumns columns;

    private LayoutBinder(TableName table, Schema schema) {
        this.table = table;
        this.schema = schema;
        this.columns = SchemaColumns.of(schema);
    }

    /**
     * The layout of a table, bound to its current schema.
     *
     * @throws SourceException if the table is of no known layout, or lacks columns of the one that was chosen
     */
    static BoundLayout bind(TableName table, Schema schema, LayoutChoice choice) {
        LayoutBinder binder = new LayoutBinder(table, schema);
        return binder.bind(switch (choice) {
            case LayoutChoice.Given given -> given.layout();
            case LayoutChoice.Detected detected -> binder.detect(detected);
        });
    }

    private TableLayout detect(LayoutChoice.Detected choice) {
        TableLayout layout = TableLayout.detect(choice.known(), columns);
        if (layout == null) {
            throw new SourceException("table " + table + " has the columns " + columns.describe()
                    + ", which is no layout that is known: if AutoMQ writes it, set automq.table.topic."
                    + "convert.value.type=raw, so that it has _kafka_value and _kafka_metadata" + REMEDY);
        }
        return layout;
    }

    private BoundLayout bind(TableLayout layout) {
        try {
            return switch (layout) {
                case TableLayout.Records records -> new BoundLayout.Records(records, rowColumns(layout),
                        traceKey(records.key(), false),
                        leaf(records.value(), Set.of(ColumnType.BINARY, ColumnType.STRING)));
                case TableLayout.Nested nested -> new BoundLayout.Nested(nested, rowColumns(layout),
                        traceKey(nested.key(), false), field(nested.resourceSpans(), Set.of(ColumnType.LIST)));
                case TableLayout.Spans spans -> new BoundLayout.Spans(spans, rowColumns(layout),
                        traceKey(spans.columns().traceId(), true), MappingCheck.present(spans, columns), schema);
            };
        } catch (LayoutException e) {
            throw new SourceException("table " + table + " has the columns " + columns.describe()
                    + ", which does not fit the layout " + layout.name() + ": " + e.getMessage() + REMEDY);
        }
    }

    /** Nothing depends on this column, so a table may lack it or have another of that name. */
    private BoundLayout.@Nullable TraceKey traceKey(@Nullable String path, boolean isTraceId) {
        NestedField field = path == null ? null : schema.findField(path);
        return field == null || path == null || schema.accessorForField(field.fieldId()) == null
                || !KEYS.contains(SchemaColumns.typeOf(field.type()))
                        ? null
                        : new BoundLayout.TraceKey(new LeafColumn(field.fieldId(), path, field.type()), isTraceId);
    }

    private BoundLayout.RowColumns rowColumns(TableLayout layout) {
        return new BoundLayout.RowColumns(position(layout), arrival(layout));
    }

    private BoundLayout.@Nullable Position position(TableLayout layout) {
        PositionColumns position = layout.position();
        return position == null || isLeftOut(layout, position.partition()) && isLeftOut(layout, position.offset())
                ? null
                : new BoundLayout.Position(leaf(position.partition(), Set.of(ColumnType.INT)),
                        leaf(position.offset(), Set.of(ColumnType.LONG)));
    }

    private BoundLayout.@Nullable Arrival arrival(TableLayout layout) {
        TimeColumn arrival = layout.arrival();
        if (arrival == null || isLeftOut(layout, arrival.column())) {
            return null;
        }
        LeafColumn column = leaf(arrival.column(), MappingCheck.TIMES);
        ColumnType type = SchemaColumns.typeOf(column.type());
        return new BoundLayout.Arrival(column, EpochUnit.of(type, arrival.unit()));
    }

    /** Whether a mapping that allows it names a column that the table has not. */
    private boolean isLeftOut(TableLayout layout, String path) {
        return layout instanceof TableLayout.Spans spans && spans.presence() == TableLayout.Presence.OPTIONAL
                && columns.type(path) == null;
    }

    private LeafColumn leaf(String path, Set<ColumnType> types) {
        NestedField field = field(path, types);
        if (schema.accessorForField(field.fieldId()) == null) {
            throw new LayoutException("column " + path + " is within a list or map, so a row has not one value of it");
        }
        return new LeafColumn(field.fieldId(), path, field.type());
    }

    private NestedField field(String path, Set<ColumnType> types) {
        MappingCheck.require(columns, path, types);
        return schema.findField(path);
    }
}
