package dev.tailsampling.lake;

import dev.tailsampling.layout.ColumnType;
import dev.tailsampling.layout.TableColumns;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** Iceberg schemas in the words of layouts. */
final class SchemaColumns {

    private SchemaColumns() {}

    /** The columns of a schema and the fields within them. */
    static TableColumns of(Schema schema) {
        Map<String, ColumnType> types = new LinkedHashMap<>();
        TypeUtil.indexNameById(schema.asStruct()).entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(name -> types.put(name.getValue(), typeOf(schema.findType(name.getKey()))));
        return new TableColumns(types, schema.columns().stream().map(NestedField::name).toList());
    }

    /** The type without its parameters. */
    static ColumnType typeOf(Type type) {
        return switch (type.typeId()) {
            case BOOLEAN -> ColumnType.BOOLEAN;
            case INTEGER -> ColumnType.INT;
            case LONG -> ColumnType.LONG;
            case FLOAT -> ColumnType.FLOAT;
            case DOUBLE -> ColumnType.DOUBLE;
            case DECIMAL -> ColumnType.DECIMAL;
            case DATE -> ColumnType.DATE;
            case TIME -> ColumnType.TIME;
            case TIMESTAMP -> ((Types.TimestampType) type).shouldAdjustToUTC()
                    ? ColumnType.TIMESTAMPTZ
                    : ColumnType.TIMESTAMP;
            case TIMESTAMP_NANO -> ((Types.TimestampNanoType) type).shouldAdjustToUTC()
                    ? ColumnType.TIMESTAMPTZ_NS
                    : ColumnType.TIMESTAMP_NS;
            case STRING -> ColumnType.STRING;
            case UUID -> ColumnType.UUID;
            case FIXED -> ColumnType.FIXED;
            case BINARY -> ColumnType.BINARY;
            case STRUCT -> ColumnType.STRUCT;
            case LIST -> ColumnType.LIST;
            case MAP -> ColumnType.MAP;
            default -> ColumnType.OTHER;
        };
    }
}
