package dev.tailsampling.lake;

import dev.tailsampling.otlp.OtlpJsonWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Layouts of which a row is a message.
 *
 * @param places makes a row that has everything but the message
 * @param value column of the message, within no other
 */
record MessageLayout(String name, Schema schema, BiFunction<KafkaMessage, Long, Record> places, String value)
        implements
            WrittenLayout {

    private static final NestedField METADATA = TableTopicSchema.SCHEMA.findField(TableTopicSchema.METADATA);

    static final MessageLayout AUTOMQ_RAW = new MessageLayout("automq-raw", TableTopicSchema.SCHEMA,
            (message, offset) -> TableTopicSchema.row(TableTopicSchema.SCHEMA, message, offset),
            TableTopicSchema.VALUE);

    static final MessageLayout AUTOMQ_STRING = automqString();

    /** As AutoMQ 1.6 and later writes it. */
    static final MessageLayout AUTOMQ_SCHEMALESS = schemaless(
            NestedField.required(3, "timestamp", Types.LongType.get()), false);

    /** A table that AutoMQ 1.5 began, in which milliseconds are now taken for microseconds. */
    static final MessageLayout AUTOMQ_UPGRADED = schemaless(
            NestedField.required(3, "timestamp", Types.TimestampType.withZone()), true);

    /** As AutoMQ 1.5 wrote it, without a word on where a row stood in Kafka. */
    static final MessageLayout AUTOMQ_1_5 = automq15();

    static final MessageLayout REDPANDA = redpanda(Types.TimestampType.withZone());

    /** As old versions of Redpanda wrote it. */
    static final MessageLayout REDPANDA_WITHOUT_ZONE = redpanda(Types.TimestampType.withoutZone());

    static List<WrittenLayout> all() {
        return List.of(AUTOMQ_RAW, AUTOMQ_STRING, AUTOMQ_SCHEMALESS, AUTOMQ_UPGRADED, AUTOMQ_1_5, REDPANDA,
                REDPANDA_WITHOUT_ZONE);
    }

    private static MessageLayout automq15() {
        Schema schema = new Schema(NestedField.required(1, "timestamp", Types.TimestampType.withZone()),
                NestedField.required(2, "key", Types.StringType.get()),
                NestedField.required(3, "value", Types.StringType.get()));
        return new MessageLayout("automq-schemaless-1.5", schema, (message, offset) -> {
            Record row = GenericRecord.create(schema);
            row.setField("timestamp", Instant.ofEpochMilli(message.timestampMillis()).atOffset(ZoneOffset.UTC));
            row.setField("key", "");
            return row;
        }, "value");
    }

    private static MessageLayout automqString() {
        Schema schema = new Schema(NestedField.optional(1, TableTopicSchema.VALUE, Types.StringType.get()),
                TableTopicSchema.SCHEMA.findField(TableTopicSchema.HEADER),
                TableTopicSchema.SCHEMA.findField(TableTopicSchema.KEY), METADATA);
        return new MessageLayout("automq-string", schema,
                (message, offset) -> TableTopicSchema.row(schema, message, offset), TableTopicSchema.VALUE);
    }

    private static MessageLayout schemaless(NestedField timestamp, boolean upgraded) {
        Schema schema = new Schema(NestedField.optional(1, "key", Types.StringType.get()),
                NestedField.optional(2, "value", Types.StringType.get()), timestamp,
                NestedField.optional(10, TableTopicSchema.HEADER, Types.MapType.ofRequired(11, 12,
                        Types.StringType.get(), Types.BinaryType.get())),
                NestedField.optional(13, TableTopicSchema.KEY, Types.StringType.get()),
                NestedField.optional(14, TableTopicSchema.METADATA, Types.StructType.of(
                        NestedField.required(15, TableTopicSchema.PARTITION, Types.IntegerType.get()),
                        NestedField.required(16, TableTopicSchema.OFFSET, Types.LongType.get()),
                        NestedField.required(17, TableTopicSchema.TIMESTAMP, Types.LongType.get()))));
        return new MessageLayout("automq-schemaless", schema, (message, offset) -> {
            Record row = GenericRecord.create(schema);
            row.setField("timestamp", upgraded
                    ? Instant.ofEpochMilli(message.timestampMillis() / 1000).atOffset(ZoneOffset.UTC)
                    : message.timestampMillis());
            row.setField(TableTopicSchema.KEY, "");
            row.setField(TableTopicSchema.METADATA, metadata(schema, message, offset));
            return row;
        }, "value");
    }

    static Record metadata(Schema schema, KafkaMessage message, long offset) {
        Record metadata = GenericRecord.create(schema.findType(TableTopicSchema.METADATA).asStructType());
        metadata.setField(TableTopicSchema.PARTITION, message.partition());
        metadata.setField(TableTopicSchema.OFFSET, offset);
        metadata.setField(TableTopicSchema.TIMESTAMP, message.timestampMillis());
        return metadata;
    }

    private static MessageLayout redpanda(Types.TimestampType time) {
        Schema schema = new Schema(NestedField.optional(1, "redpanda", Types.StructType.of(
                NestedField.optional(3, "partition", Types.IntegerType.get()),
                NestedField.optional(4, "offset", Types.LongType.get()),
                NestedField.optional(5, "timestamp", time),
                NestedField.optional(6, "headers", Types.ListType.ofOptional(7, Types.StructType.of(
                        NestedField.optional(8, "key", Types.StringType.get()),
                        NestedField.optional(9, "value", Types.BinaryType.get())))),
                NestedField.optional(10, "key", Types.BinaryType.get()),
                NestedField.optional(11, "timestamp_type", Types.IntegerType.get()))),
                NestedField.optional(2, "value", Types.BinaryType.get()));
        return new MessageLayout("redpanda", schema, (message, offset) -> {
            Record place = GenericRecord.create(schema.findType("redpanda").asStructType());
            place.setField("partition", message.partition());
            place.setField("offset", offset);
            OffsetDateTime arrival =
                    Instant.ofEpochMilli(message.timestampMillis()).atOffset(ZoneOffset.UTC);
            place.setField("timestamp", time.shouldAdjustToUTC() ? arrival : arrival.toLocalDateTime());
            Record row = GenericRecord.create(schema);
            row.setField("redpanda", place);
            return row;
        }, "value");
    }

    @Override
    public List<Record> rows(KafkaMessage message, long offset) {
        Record row = places.apply(message, offset);
        row.setField(value, value(schema.findType(value), message.value()));
        return List.of(row);
    }

    private static Object value(Type type, byte[] message) {
        return type.typeId() == Type.TypeID.STRING ? OtlpJsonWriter.toJson(message) : ByteBuffer.wrap(message);
    }

    @Override
    public String toString() {
        return name + " " + schema.columns().stream().map(column -> column.type().typeId().name()).toList();
    }
}
