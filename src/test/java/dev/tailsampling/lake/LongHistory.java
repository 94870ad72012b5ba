package dev.tailsampling.lake;

import dev.tailsampling.generate.Profile;
import dev.tailsampling.generate.TraceGenerator;
import dev.tailsampling.generate.TraceLoad;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * A table topic that has run for a while: its commits are as AutoMQ's, snapshots expired after an hour of commits, but its
 * data files exist in the metadata only. What a reader that is up to date opens is counted.
 */
final class LongHistory implements AutoCloseable {

    static final String TABLE = "default.long";
    private static final int SNAPSHOTS_KEPT = 60;
    private static final long FILE_BYTES = 10_000_000;
    private static final long OFFSETS_PER_FILE = 1000;

    private final byte[] otlp = new TraceGenerator(new TraceLoad(1, Profile.small(), 1)).next().otlp();
    private final LakeCatalog catalog;
    private final VirtualClock clock = new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final Table table;
    private long nextOffset;
    private long commits;

    LongHistory(Path home) {
        CatalogSettings embedded = CatalogSettings.embedded(home);
        catalog = LakeCatalog.open(new CatalogSettings(embedded.type(), embedded.uri(), embedded.warehouse(),
                Map.of(CatalogProperties.FILE_IO_IMPL, CountingFileIO.class.getName())));
        table = catalog.findOrCreate(TableName.of(TABLE), TableTopicSchema.SCHEMA, TableTopicSchema.spec(0),
                TableTopicSchema.PROPERTIES);
    }

    /** Appends commits, a minute apart, each with so many files. */
    void append(int count, int filesPerCommit) {
        for (int i = 0; i < count; i++) {
            clock.advance(Duration.ofMinutes(1));
            List<DataFile> files = new ArrayList<>();
            for (int file = 0; file < filesPerCommit; file++) {
                files.add(dataFile());
            }
            commit(files);
        }
    }

    private void commit(List<DataFile> files) {
        Transaction transaction = table.newTransaction();
        AppendFiles append = transaction.newAppend();
        append.set(TableTime.AUTOMQ_WATERMARK, Long.toString(clock.millis()));
        files.forEach(append::appendFile);
        append.commit();
        commits++;
        if (commits % SNAPSHOTS_KEPT == 0) {
            transaction.expireSnapshots().expireOlderThan(System.currentTimeMillis() + 1).retainLast(SNAPSHOTS_KEPT)
                    .cleanExpiredFiles(false).commit();
        }
        transaction.commitTransaction();
        table.refresh();
    }

    private DataFile dataFile() {
        long first = nextOffset;
        nextOffset += OFFSETS_PER_FILE;
        int partition = table.schema().findField("_kafka_metadata.partition").fieldId();
        int offset = table.schema().findField("_kafka_metadata.offset").fieldId();
        int timestamp = table.schema().findField("_kafka_metadata.timestamp").fieldId();
        Map<Integer, ByteBuffer> lower = Map.of(partition, bound(Types.IntegerType.get(), 0), offset,
                bound(Types.LongType.get(), first), timestamp, bound(Types.LongType.get(), clock.millis()));
        Map<Integer, ByteBuffer> upper = Map.of(partition, bound(Types.IntegerType.get(), 0), offset,
                bound(Types.LongType.get(), nextOffset - 1), timestamp, bound(Types.LongType.get(), clock.millis()));
        return DataFiles.builder(table.spec()).withPath(table.location() + "/data/" + first + ".parquet")
                .withFileSizeInBytes(FILE_BYTES)
                .withMetrics(new Metrics(OFFSETS_PER_FILE, null, null, null, null, lower, upper)).build();
    }

    private static ByteBuffer bound(Type type, Object value) {
        return Conversions.toByteBuffer(type, value);
    }

    /** One new minute of the topic, with one record in a real data file. */
    void appendRealMinute() {
        clock.advance(Duration.ofMinutes(1));
        DataFileWriter writer = new DataFileWriter(table, 1, commits, FILE_BYTES);
        KafkaMessage message = KafkaMessage.of(0, otlp, clock.millis());
        writer.write(TableTopicSchema.row(table.schema(), message, nextOffset++));
        commit(writer.complete());
    }

    /** Where a reader stands that has read everything. */
    SourceCursor cursorAtEnd() {
        return new SourceCursor(table.uuid().toString(), table.currentSnapshot().sequenceNumber(),
                SourceOffsets.parse("0:" + nextOffset), clock.millis());
    }

    int manifests() {
        return table.currentSnapshot().dataManifests(table.io()).size();
    }

    AutoMqTable reader() {
        return new AutoMqTable(catalog, TABLE, AutoMqTableOptions.defaults(clock));
    }

    @Override
    public void close() {
        catalog.close();
    }
}
