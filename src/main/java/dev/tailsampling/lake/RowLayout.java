package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceException;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an AutoMQ Table Topic table that we read, found by name and kept by field id, since ids and positions
 * differ from table to table and columns may be added.
 *
 * @param encoding how {@code _kafka_value} holds the message
 * @param rows projection: {@code _kafka_value}, then {@code _kafka_metadata} with partition, offset and timestamp
 * @param positions projection: {@code _kafka_metadata} alone
 */
record RowLayout(Encoding encoding, Schema rows, Schema positions) {

    /** What {@code _kafka_value} holds. */
    enum Encoding {
        /** Binary: OTLP protobuf, or OTLP/JSON as UTF-8. */
        RAW,
        /** A string: OTLP/JSON. */
        STRING
    }

    static final String VALUE = "_kafka_value";
    static final String METADATA = "_kafka_metadata";
    static final String PARTITION = "partition";
    static final String OFFSET = "offset";
    static final String TIMESTAMP = "timestamp";

    /**
     * Recognizes the layout.
     *
     * @throws SourceException if the table has another one
     */
    static RowLayout of(TableName table, Schema schema) {
        NestedField value = schema.findField(VALUE);
        NestedField metadata = metadata(schema);
        Encoding encoding = value == null ? null : encoding(value.type());
        if (value == null || encoding == null || metadata == null) {
            throw new SourceException("table " + table + " has the columns " + describe(schema) + ", but " + VALUE
                    + " (binary or string) and " + METADATA + " (struct of partition, offset, timestamp) are needed: "
                    + "let AutoMQ write it with automq.table.topic.convert.value.type=raw");
        }
        return new RowLayout(encoding, new Schema(value, metadata), new Schema(metadata));
    }

    private static @Nullable Encoding encoding(Type type) {
        return switch (type.typeId()) {
            case BINARY -> Encoding.RAW;
            case STRING -> Encoding.STRING;
            default -> null;
        };
    }

    /** The metadata column reduced to the three fields we read, in this order; null if one is missing. */
    private static @Nullable NestedField metadata(Schema schema) {
        NestedField column = schema.findField(METADATA);
        if (column == null || !column.type().isStructType()) {
            return null;
        }
        StructType struct = column.type().asStructType();
        NestedField partition = struct.field(PARTITION);
        NestedField offset = struct.field(OFFSET);
        NestedField timestamp = struct.field(TIMESTAMP);
        if (!has(partition, TypeID.INTEGER) || !has(offset, TypeID.LONG) || !has(timestamp, TypeID.LONG)) {
            return null;
        }
        return NestedField.optional(column.fieldId(), METADATA, StructType.of(partition, offset, timestamp));
    }

    private static boolean has(@Nullable NestedField field, TypeID type) {
        return field != null && field.type().typeId() == type;
    }

    private static String describe(Schema schema) {
        return schema.columns().stream()
                .map(column -> column.name() + " (" + column.type().typeId().name().toLowerCase(Locale.ROOT) + ")")
                .collect(Collectors.joining(", "));
    }

    int partitionId() {
        return metadataId(0);
    }

    int offsetId() {
        return metadataId(1);
    }

    int timestampId() {
        return metadataId(2);
    }

    private int metadataId(int position) {
        return positions.columns().getFirst().type().asStructType().fields().get(position).fieldId();
    }
}
