package dev.tailsampling.lake;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** The table that AutoMQ Table Topic creates with value {@code raw}, key {@code string}, transform {@code none}. */
final class TableTopicSchema {

    static final String HEADER = "_kafka_header";
    static final String KEY = "_kafka_key";

    static final Schema SCHEMA = new Schema(
            NestedField.optional(1, RowLayout.VALUE, Types.BinaryType.get()),
            NestedField.optional(2, HEADER,
                    Types.MapType.ofRequired(5, 6, Types.StringType.get(), Types.BinaryType.get()),
                    "Kafka record headers"),
            NestedField.optional(3, KEY, Types.StringType.get(), "Kafka record key"),
            NestedField.optional(4, RowLayout.METADATA, Types.StructType.of(
                    NestedField.required(7, RowLayout.PARTITION, Types.IntegerType.get(), "Partition id"),
                    NestedField.required(8, RowLayout.OFFSET, Types.LongType.get(), "Record offset"),
                    NestedField.required(9, RowLayout.TIMESTAMP, Types.LongType.get(), "Record timestamp")),
                    "Kafka record metadata"));

    /** The only two properties that AutoMQ sets. */
    static final Map<String, String> PROPERTIES = Map.of(
            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
            TableProperties.OBJECT_STORE_ENABLED, "true");

    private TableTopicSchema() {}

    static PartitionSpec spec(int keyBuckets) {
        return keyBuckets == 0
                ? PartitionSpec.unpartitioned()
                : PartitionSpec.builderFor(SCHEMA).bucket(KEY, keyBuckets).build();
    }

    /** The row of a message, in a schema that begins with ours and may have more columns. */
    static Record row(Schema schema, KafkaMessage message, long offset) {
        Map<String, ByteBuffer> headers = new HashMap<>();
        message.headers().forEach((name, value) -> headers.put(name, ByteBuffer.wrap(value)));
        Record metadata = GenericRecord.create(schema.findType(RowLayout.METADATA).asStructType());
        metadata.setField(RowLayout.PARTITION, message.partition());
        metadata.setField(RowLayout.OFFSET, offset);
        metadata.setField(RowLayout.TIMESTAMP, message.timestampMillis());
        Record row = GenericRecord.create(schema);
        row.setField(RowLayout.VALUE, ByteBuffer.wrap(message.value()));
        row.setField(HEADER, headers);
        row.setField(KEY, message.key() == null ? "" : message.key());
        row.setField(RowLayout.METADATA, metadata);
        return row;
    }
}
