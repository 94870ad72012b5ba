package dev.tailsampling.lake;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages to a table exactly as AutoMQ Table Topic does, for demos, load tests and our own tests: the same schema,
 * files, snapshot summary and expiry of snapshots. Rows go to Parquet files as they come; only a commit makes them
 * visible. Not thread-safe; failures of the catalog and the storage are {@link UncheckedIOException}s.
 */
public final class TableTopicWriter implements MessageWriter {

    private static final String COMMIT_ID = "automq.commit.id";

    private final LakeCatalog catalog;
    private final TableName name;
    private final TableTopicOptions options;
    private final Random gaps;
    private final TopicWatermark watermark;
    private final Map<Integer, DataFileWriter> brokers = new HashMap<>();
    private Map<Integer, Long> nextOffsets = new HashMap<>();
    private @Nullable Table table;
    private long pendingRows;

    /**
     * Opens nothing yet: AutoMQ creates the table with the first record. An existing table is continued after its last
     * offsets.
     *
     * @param table "namespace.table"; the table part may contain dots
     */
    public TableTopicWriter(LakeCatalog catalog, String table, TableTopicOptions options) {
        this.catalog = catalog;
        this.name = TableName.of(table);
        this.options = options;
        this.gaps = new Random(options.seed());
        this.watermark = new TopicWatermark(options.partitions());
    }

    /**
     * Writes one message.
     *
     * @return its offset
     * @throws IllegalArgumentException if the topic has no such partition
     */
    @Override
    public long append(KafkaMessage message) {
        int partition = message.partition();
        if (partition < 0 || partition >= options.partitions()) {
            throw new IllegalArgumentException(
                    "the topic has partitions 0 to " + (options.partitions() - 1) + ", not " + partition);
        }
        return explained("writing to", () -> append(partition, message));
    }

    private long append(int partition, KafkaMessage message) {
        Table target = table();
        boolean gap = options.gapEvery() > 0 && gaps.nextInt(options.gapEvery()) == 0;
        long offset = nextOffsets.getOrDefault(partition, 0L) + (gap ? 1 : 0);
        Schema schema = target.schema();
        brokers.computeIfAbsent(partition % options.brokers(), broker -> new DataFileWriter(target, broker + 1,
                options.clock().millis(), options.targetFileBytes()))
                .write(TableTopicSchema.row(schema, message, offset));
        nextOffsets.put(partition, offset + 1);
        watermark.written(partition, message.timestampMillis());
        pendingRows++;
        return offset;
    }

    private Table table() {
        Table known = table;
        if (known == null) {
            known = catalog.findOrCreate(name, TableTopicSchema.SCHEMA, TableTopicSchema.spec(options.keyBuckets()),
                    TableTopicSchema.PROPERTIES);
            nextOffsets = new HashMap<>(TopicOffsets.next(name, known));
            table = known;
        }
        return known;
    }

    /**
     * Commits the messages appended since the last commit. Without any there is no commit, as with AutoMQ.
     *
     * @return the number of rows committed
     */
    @Override
    public long commit(CatchUp catchUp) {
        if (catchUp == CatchUp.CAUGHT_UP) {
            watermark.caughtUp(options.clock().millis());
        }
        long rows = pendingRows;
        if (rows > 0) {
            explained("committing to", () -> {
                commit(table(), completeFiles());
                return rows;
            });
        }
        return rows;
    }

    private List<DataFile> completeFiles() {
        List<DataFile> files = new ArrayList<>();
        brokers.values().forEach(broker -> files.addAll(broker.complete()));
        brokers.clear();
        pendingRows = 0;
        return files;
    }

    private void commit(Table target, List<DataFile> files) {
        target.refresh();
        Transaction transaction = target.newTransaction();
        AppendFiles append = transaction.newAppend();
        append.set(COMMIT_ID, UUID.randomUUID().toString());
        append.set(TableTime.AUTOMQ_WATERMARK, Long.toString(watermark.millis()));
        files.forEach(append::appendFile);
        append.commit();
        transaction.expireSnapshots().expireOlderThan(options.expireOlderThan().millis()).retainLast(1).commit();
        transaction.commitTransaction();
        target.refresh();
    }

    private <T> T explained(String doing, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw catalog.failure(e, doing + " table " + name);
        }
    }

    /** Drops what was not committed. The catalog stays open. */
    @Override
    public void close() {
        brokers.values().forEach(DataFileWriter::abort);
        brokers.clear();
        pendingRows = 0;
    }
}
