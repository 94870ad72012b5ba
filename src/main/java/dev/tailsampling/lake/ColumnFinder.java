package dev.tailsampling.lake;

import dev.tailsampling.layout.AttributeColumns;
import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.EventColumns;
import dev.tailsampling.layout.LinkColumns;
import dev.tailsampling.layout.TimeColumn;
import dev.tailsampling.parquet.Leaf;
import dev.tailsampling.parquet.RowGroup;
import dev.tailsampling.trace.AttributeKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Finds the columns of one row group by their paths in the table's schema. */
final class ColumnFinder {

    private final Schema schema;
    private final FileLeaves leaves;
    private final RowGroup rows;
    private final CurrentRow current;

    ColumnFinder(Schema schema, FileLeaves leaves, RowGroup rows, CurrentRow current) {
        this.schema = schema;
        this.leaves = leaves;
        this.rows = rows;
        this.current = current;
    }

    private @Nullable RowColumn column(int fieldId) {
        Leaf leaf = leaves.of(fieldId);
        return leaf == null || !rows.has(leaf) ? null : new RowColumn(current, rows, leaf);
    }

    private @Nullable NestedField field(@Nullable String path) {
        return path == null ? null : schema.findField(path);
    }

    private @Nullable RowColumn column(@Nullable NestedField field) {
        return field == null ? null : column(field.fieldId());
    }

    IdColumn id(@Nullable String path) {
        return id(field(path));
    }

    private IdColumn id(@Nullable NestedField field) {
        return new IdColumn(column(field), field != null && field.type().typeId() == Type.TypeID.STRING);
    }

    TextColumn text(@Nullable String path) {
        return new TextColumn(column(field(path)));
    }

    NumberColumn number(@Nullable String path) {
        return number(field(path));
    }

    private NumberColumn number(@Nullable NestedField field) {
        return new NumberColumn(column(field), EpochUnit.NS);
    }

    NumberColumn time(@Nullable TimeColumn time) {
        return time == null ? number((NestedField) null) : time(field(time.column()), time.unit());
    }

    private NumberColumn time(@Nullable NestedField field, EpochUnit stated) {
        return new NumberColumn(column(field),
                field == null ? stated : EpochUnit.of(SchemaColumns.typeOf(field.type()), stated));
    }

    NumberColumn leaf(@Nullable LeafColumn leaf, EpochUnit unit) {
        return new NumberColumn(leaf == null ? null : column(leaf.fieldId()), unit);
    }

    EnumColumn names(@Nullable String path, ToIntFunction<String> numberOf) {
        return new EnumColumn(column(field(path)), numberOf);
    }

    ColumnAttributes attributes(@Nullable AttributeColumns attributes) {
        return switch (attributes) {
            case null -> new NoAttributes();
            case AttributeColumns.Column(String path) -> attributes(field(path));
            case AttributeColumns.Prefixed(String prefix) -> prefixed(prefix);
        };
    }

    private ColumnAttributes attributes(@Nullable NestedField field) {
        if (field == null) {
            return new NoAttributes();
        }
        return switch (field.type()) {
            case Types.MapType map -> pairs(column(map.keyId()), map.field(map.valueId()));
            case Types.ListType list when list.elementType().isStructType() -> {
                Types.StructType pair = list.elementType().asStructType();
                yield pairs(column(pair.field("key")), pair.field("value"));
            }
            default -> {
                RowColumn column = column(field);
                yield column == null ? new NoAttributes() : new JsonColumnAttributes(column);
            }
        };
    }

    private ColumnAttributes pairs(@Nullable RowColumn keys, @Nullable NestedField value) {
        List<ValueColumn> values = new ArrayList<>();
        if (value != null) {
            Stream<NestedField> alternatives = value.type().isStructType()
                    ? value.type().asStructType().fields().stream()
                    : Stream.of(value);
            alternatives.forEach(field -> addValues(field, values));
        }
        return keys == null || values.isEmpty() ? new NoAttributes() : new MapAttributes(keys, values);
    }

    private void addValues(NestedField field, List<ValueColumn> values) {
        RowColumn column = ValueColumn.canRead(field.type()) ? column(field.fieldId()) : null;
        if (column != null) {
            values.add(new ValueColumn(column, field.type().typeId()));
        }
    }

    private ColumnAttributes prefixed(String prefix) {
        Map<AttributeKey, ValueColumn> columns = new LinkedHashMap<>();
        for (NestedField field : schema.columns()) {
            RowColumn column = field.name().startsWith(prefix) && ValueColumn.canRead(field.type())
                    ? column(field.fieldId())
                    : null;
            if (column != null) {
                columns.put(AttributeKey.of(field.name().substring(prefix.length())),
                        new ValueColumn(column, field.type().typeId()));
            }
        }
        return new PrefixedAttributes(columns);
    }

    EventItems events(@Nullable EventColumns events) {
        if (events == null) {
            return new EventItems(new ItemCount(null, 0), number((NestedField) null), text(null), new NoAttributes(),
                    number((NestedField) null));
        }
        String list = events.list();
        TimeColumn time = events.time();
        NestedField times = item(list, time == null ? null : time.column());
        NestedField names = item(list, events.name());
        return new EventItems(count(times, names), time(times, time == null ? EpochUnit.NS : time.unit()),
                new TextColumn(column(names)), attributes(item(list, events.attributes())),
                number(item(list, events.droppedAttributesCount())));
    }

    LinkItems links(@Nullable LinkColumns links) {
        if (links == null) {
            return new LinkItems(new ItemCount(null, 0), new LinkItems.Fields(id((NestedField) null),
                    id((NestedField) null), text(null), number((NestedField) null), number((NestedField) null)),
                    new NoAttributes());
        }
        String list = links.list();
        NestedField traceIds = item(list, links.traceId());
        NestedField spanIds = item(list, links.spanId());
        return new LinkItems(count(traceIds, spanIds),
                new LinkItems.Fields(id(traceIds), id(spanIds), new TextColumn(column(item(list, links.traceState()))),
                        number(item(list, links.droppedAttributesCount())), number(item(list, links.flags()))),
                attributes(item(list, links.attributes())));
    }

    /** A field of the structs in one list, or the elements of a list of its own. */
    private @Nullable NestedField item(@Nullable String list, @Nullable String name) {
        return name == null ? null : field(list == null ? name + ".element" : list + ".element." + name);
    }

    private ItemCount count(@Nullable NestedField first, @Nullable NestedField second) {
        RowColumn column = column(first);
        column = column == null ? column(second) : column;
        return new ItemCount(column, column == null ? 0 : leaves.itemDefinitionLevel(column.leaf()));
    }
}
