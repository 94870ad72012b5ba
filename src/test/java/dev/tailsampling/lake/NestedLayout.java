package dev.tailsampling.lake;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.StructType;

/**
 * The table that AutoMQ makes of OTLP's messages when array_value and kvlist_value are declared as bytes: by its rules of
 * which column each kind of protobuf field becomes, and what stands in it when the field is not set.
 */
final class NestedLayout implements WrittenLayout {

    private static final Set<String> TRIMMED = Set.of("array_value", "kvlist_value");

    private final boolean flattened;
    private final StructType request;
    private final Schema schema;
    private int lastId;

    /** With {@code transform.value.type=flatten}, or with the whole message in one column. */
    NestedLayout(boolean flattened) {
        this.flattened = flattened;
        this.request = struct(ExportTraceServiceRequest.getDescriptor());
        List<NestedField> columns = new ArrayList<>(flattened
                ? request.fields()
                : List.of(NestedField.optional(++lastId, TableTopicSchema.VALUE, request)));
        columns.add(NestedField.optional(++lastId, TableTopicSchema.KEY, Types.StringType.get()));
        columns.add(NestedField.optional(++lastId, TableTopicSchema.METADATA, StructType.of(
                NestedField.required(++lastId, TableTopicSchema.PARTITION, Types.IntegerType.get()),
                NestedField.required(++lastId, TableTopicSchema.OFFSET, Types.LongType.get()),
                NestedField.required(++lastId, TableTopicSchema.TIMESTAMP, Types.LongType.get()))));
        this.schema = new Schema(columns);
    }

    private StructType struct(Descriptor message) {
        List<NestedField> fields = new ArrayList<>();
        for (FieldDescriptor field : message.getFields()) {
            int id = ++lastId;
            fields.add(field.isRepeated()
                    ? NestedField.required(id, field.getName(), Types.ListType.ofRequired(++lastId, type(field)))
                    : NestedField.optional(id, field.getName(), type(field)));
        }
        return StructType.of(fields);
    }

    private Type type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> Types.IntegerType.get();
            case LONG -> Types.LongType.get();
            case FLOAT -> Types.FloatType.get();
            case DOUBLE -> Types.DoubleType.get();
            case BOOLEAN -> Types.BooleanType.get();
            case STRING, ENUM -> Types.StringType.get();
            case BYTE_STRING -> Types.BinaryType.get();
            case MESSAGE -> TRIMMED.contains(field.getName())
                    ? Types.BinaryType.get()
                    : struct(field.getMessageType());
        };
    }

    @Override
    public String name() {
        return flattened ? "otlp-nested" : "otlp-nested-value";
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public List<Record> rows(KafkaMessage message, long offset) {
        Record row = GenericRecord.create(schema);
        Record value = record(FlatSpan.parse(message.value()), request);
        if (flattened) {
            request.fields().forEach(field -> row.setField(field.name(), value.getField(field.name())));
        } else {
            row.setField(TableTopicSchema.VALUE, value);
        }
        row.setField(TableTopicSchema.KEY, "");
        row.setField(TableTopicSchema.METADATA, MessageLayout.metadata(schema, message, offset));
        return List.of(row);
    }

    private static Record record(Message message, StructType struct) {
        Record record = GenericRecord.create(struct);
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            Type type = struct.fieldType(field.getName());
            if (field.isRepeated()) {
                List<?> items = (List<?>) message.getField(field);
                record.setField(field.getName(), items.stream()
                        .map(item -> value(item, type.asListType().elementType())).toList());
            } else if (!field.hasPresence() || message.hasField(field)) {
                record.setField(field.getName(), value(message.getField(field), type));
            }
        }
        return record;
    }

    private static Object value(Object value, Type type) {
        return switch (value) {
            case Message message when type.isStructType() -> record(message, type.asStructType());
            case Message message -> message.toByteString().asReadOnlyByteBuffer();
            case ByteString bytes -> bytes.asReadOnlyByteBuffer();
            case EnumValueDescriptor constant -> constant.getName();
            default -> value;
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
