package dev.tailsampling.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.io.RollingDataWriter;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * A topic's table as AutoMQ Table Topic writes it in raw mode: its schema, its properties, its commits with watermark and
 * expiry; by Iceberg's own classes, and by none of ours.
 */
final class PlainIcebergTopic {

    private static final int PARTITIONS = 3;
    private static final long FILE_BYTES = 64 << 20;
    private final Table table;
    private final Instant firstRecord;
    private long records;

    private PlainIcebergTopic(Table table, Instant firstRecord) {
        this.table = table;
        this.firstRecord = firstRecord;
    }

    /**
     * Creates the table, and its namespace, for values as they are.
     *
     * @param firstRecord timestamp of the first record; the others follow by a millisecond each
     */
    static PlainIcebergTopic create(Catalog catalog, TableIdentifier name, Instant firstRecord) {
        return create(catalog, name, firstRecord, Types.BinaryType.get());
    }

    /** The same for values that are converted to text, as {@code convert.value.type=string} does, which harms them. */
    static PlainIcebergTopic createOfTexts(Catalog catalog, TableIdentifier name, Instant firstRecord) {
        return create(catalog, name, firstRecord, Types.StringType.get());
    }

    private static PlainIcebergTopic create(Catalog catalog, TableIdentifier name, Instant firstRecord, Type value) {
        if (catalog instanceof SupportsNamespaces namespaces && !namespaces.namespaceExists(name.namespace())) {
            namespaces.createNamespace(name.namespace());
        }
        return new PlainIcebergTopic(catalog.createTable(name, schema(value), PartitionSpec.unpartitioned(),
                Map.of("write.metadata.delete-after-commit.enabled", "true", "write.object-storage.enabled", "true")),
                firstRecord);
    }

    private static Schema schema(Type value) {
        return new Schema(NestedField.optional(0, "_kafka_value", value),
                NestedField.optional(1, "_kafka_header",
                        Types.MapType.ofRequired(4, 5, Types.StringType.get(), Types.BinaryType.get()),
                        "Kafka record headers"),
                NestedField.optional(2, "_kafka_key", Types.StringType.get(), "Kafka record key"),
                NestedField.optional(3, "_kafka_metadata", Types.StructType.of(
                        NestedField.required(6, "partition", Types.IntegerType.get(), "Partition id"),
                        NestedField.required(7, "offset", Types.LongType.get(), "Record offset"),
                        NestedField.required(8, "timestamp", Types.LongType.get(), "Record timestamp")),
                        "Kafka record metadata"));
    }

    Table table() {
        return table;
    }

    /** Writes records of these values, and commits them so many at a time; the last watermark is now. */
    void write(List<byte[]> values, int perCommit) throws IOException {
        for (int from = 0; from < values.size(); from += perCommit) {
            int until = Math.min(values.size(), from + perCommit);
            List<DataFile> files = files(values.subList(from, until));
            commit(files, until == values.size() ? Instant.now() : timestamp(records));
        }
    }

    private Instant timestamp(long record) {
        return firstRecord.plusMillis(record);
    }

    private List<DataFile> files(List<byte[]> values) throws IOException {
        OutputFileFactory files = OutputFileFactory.builderFor(table, 1, System.currentTimeMillis())
                .defaultSpec(table.spec()).operationId(UUID.randomUUID().toString()).format(FileFormat.PARQUET).build();
        RollingDataWriter<Record> writer = new RollingDataWriter<>(new GenericFileWriterFactory.Builder(table)
                .dataFileFormat(FileFormat.PARQUET).dataSchema(table.schema()).build(), files, table.io(), FILE_BYTES,
                table.spec(), null);
        try (writer) {
            values.forEach(value -> writer.write(row(value)));
        }
        return writer.result().dataFiles();
    }

    private Record row(byte[] value) {
        GenericRecord metadata =
                GenericRecord.create(table.schema().findField("_kafka_metadata").type().asStructType());
        metadata.setField("partition", (int) (records % PARTITIONS));
        // Transactions leave gaps.
        metadata.setField("offset", 2 * (records / PARTITIONS));
        metadata.setField("timestamp", timestamp(records).toEpochMilli());
        records++;
        GenericRecord row = GenericRecord.create(table.schema());
        boolean text = table.schema().findField("_kafka_value").type().typeId() == Type.TypeID.STRING;
        row.setField("_kafka_value", text ? new String(value, StandardCharsets.UTF_8) : ByteBuffer.wrap(value));
        row.setField("_kafka_header", Map.of());
        row.setField("_kafka_key", "");
        row.setField("_kafka_metadata", metadata);
        return row;
    }

    private void commit(List<DataFile> files, Instant watermark) {
        Transaction transaction = table.newTransaction();
        AppendFiles append = transaction.newAppend();
        append.set("automq.commit.id", UUID.randomUUID().toString());
        append.set("automq.watermark", Long.toString(watermark.toEpochMilli()));
        files.forEach(append::appendFile);
        append.commit();
        transaction.expireSnapshots().expireOlderThan(System.currentTimeMillis() - Duration.ofHours(1).toMillis())
                .retainLast(1).commit();
        transaction.commitTransaction();
    }
}
