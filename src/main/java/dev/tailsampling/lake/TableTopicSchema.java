package dev.tailsampling.lake;

import dev.tailsampling.layout.ColumnTest;
import dev.tailsampling.layout.ColumnType;
import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.MessageEncoding;
import dev.tailsampling.layout.PositionColumns;
import dev.tailsampling.layout.TableLayout;
import dev.tailsampling.layout.TimeColumn;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** The table that AutoMQ Table Topic creates with value {@code raw}, key {@code string}, transform {@code none}. */
final class TableTopicSchema {

    static final String VALUE = "_kafka_value";
    static final String METADATA = "_kafka_metadata";
    static final String PARTITION = "partition";
    static final String OFFSET = "offset";
    static final String TIMESTAMP = "timestamp";
    static final String HEADER = "_kafka_header";
    static final String KEY = "_kafka_key";

    static final Schema SCHEMA = new Schema(
            NestedField.optional(1, VALUE, Types.BinaryType.get()),
            NestedField.optional(2, HEADER,
                    Types.MapType.ofRequired(5, 6, Types.StringType.get(), Types.BinaryType.get()),
                    "Kafka record headers"),
            NestedField.optional(3, KEY, Types.StringType.get(), "Kafka record key"),
            NestedField.optional(4, METADATA, Types.StructType.of(
                    NestedField.required(7, PARTITION, Types.IntegerType.get(), "Partition id"),
                    NestedField.required(8, OFFSET, Types.LongType.get(), "Record offset"),
                    NestedField.required(9, TIMESTAMP, Types.LongType.get(), "Record timestamp")),
                    "Kafka record metadata"));

    /** How the tables that we write ourselves are read again. */
    static final TableLayout LAYOUT = new TableLayout.Records("automq-raw",
            List.of(new ColumnTest(VALUE, Set.of(ColumnType.BINARY))), VALUE, MessageEncoding.OTLP, KEY,
            new PositionColumns(METADATA + "." + PARTITION, METADATA + "." + OFFSET),
            new TimeColumn(METADATA + "." + TIMESTAMP, EpochUnit.MS));

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
        Record metadata = GenericRecord.create(schema.findType(METADATA).asStructType());
        metadata.setField(PARTITION, message.partition());
        metadata.setField(OFFSET, offset);
        metadata.setField(TIMESTAMP, message.timestampMillis());
        Record row = GenericRecord.create(schema);
        row.setField(VALUE, ByteBuffer.wrap(message.value()));
        row.setField(HEADER, headers);
        row.setField(KEY, message.key() == null ? "" : message.key());
        row.setField(METADATA, metadata);
        return row;
    }
}
