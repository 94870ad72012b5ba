package dev.tailsampling.lake;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Writes the spans of messages to a flattened table, a row for each, in the columns of the Collector's ClickHouse
 * exporter: for load tests and our own tests. The table says nothing of Kafka.
 */
public final class SpanTableWriter implements MessageWriter {

    private static final long TARGET_FILE_BYTES = 128L << 20;

    private final LakeCatalog catalog;
    private final TableName name;
    private final SpanRows rows = new SpanRows(SpanTableSchema.SCHEMA);
    private @Nullable Table table;
    private @Nullable DataFileWriter writer;
    private long messages;
    private long pendingRows;
    private int files;

    /**
     * Opens nothing yet: the first message creates the table, unless it is there.
     *
     * @param table "namespace.table"; the table part may contain dots
     */
    public SpanTableWriter(LakeCatalog catalog, String table) {
        this.catalog = catalog;
        this.name = TableName.of(table);
    }

    @Override
    public long append(KafkaMessage message) {
        return explained("writing to", () -> {
            DataFileWriter open = writer();
            pendingRows += rows.forEach(message.value(), (span, row) -> open.write(row));
            return messages++;
        });
    }

    private DataFileWriter writer() {
        DataFileWriter open = writer;
        if (open == null) {
            open = new DataFileWriter(table(), 1, files++, TARGET_FILE_BYTES);
            writer = open;
        }
        return open;
    }

    private Table table() {
        Table known = table;
        if (known == null) {
            known = catalog.findOrCreate(name, SpanTableSchema.SCHEMA, PartitionSpec.unpartitioned(),
                    SpanTableSchema.PROPERTIES);
            table = known;
        }
        return known;
    }

    @Override
    public long commit(CatchUp catchUp) {
        long committed = pendingRows;
        if (committed > 0) {
            explained("committing to", () -> {
                List<DataFile> complete = Objects.requireNonNull(writer).complete();
                writer = null;
                pendingRows = 0;
                AppendFiles append = table().newAppend();
                complete.forEach(append::appendFile);
                append.commit();
                return committed;
            });
        }
        return committed;
    }

    private <T> T explained(String doing, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw catalog.failure(e, doing + " table " + name);
        }
    }

    @Override
    public void close() {
        DataFileWriter open = writer;
        writer = null;
        pendingRows = 0;
        if (open != null) {
            open.abort();
        }
    }
}
