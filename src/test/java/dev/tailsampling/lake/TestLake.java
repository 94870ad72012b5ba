package dev.tailsampling.lake;

import dev.tailsampling.config.TableLayouts;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.selector.SourceCursor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/** A catalog with one topic's table, and what other tools do to such tables. */
final class TestLake implements AutoCloseable {

    /** A topic name with dots and dashes, as Kafka allows. */
    static final String TABLE = "default.otel.traces-raw";
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    final LakeCatalog catalog;
    /** Far behind the snapshots' own times, which nothing but the machine's clock decides. */
    final VirtualClock clock = new VirtualClock(NOON);

    private final Catalog iceberg;

    private TestLake(Catalog iceberg, CatalogSettings settings) {
        this.iceberg = iceberg;
        this.catalog = new LakeCatalog(iceberg, settings);
    }

    static TestLake onDisk(Path home) {
        return onDisk(home, LocalFileIO.class.getName());
    }

    static TestLake onDisk(Path home, String fileIo) {
        CatalogSettings settings = CatalogSettings.embedded(home);
        Map<String, String> properties = settings.icebergProperties();
        properties.put(CatalogProperties.FILE_IO_IMPL, fileIo);
        properties.put(CatalogUtil.ICEBERG_CATALOG_TYPE, CatalogUtil.ICEBERG_CATALOG_TYPE_JDBC);
        return new TestLake(CatalogUtil.buildIcebergCatalog("lake", properties, null), settings);
    }

    static TestLake inMemory() {
        InMemoryCatalog catalog = new InMemoryCatalog();
        catalog.initialize("memory", Map.of());
        return of(catalog);
    }

    static TestLake of(Catalog catalog) {
        return new TestLake(catalog, new CatalogSettings(CatalogSettings.Type.JDBC, "memory:", "", Map.of()));
    }

    TableTopicWriter topic() {
        return topic(TableTopicOptions.of(4, clock));
    }

    TableTopicWriter topic(TableTopicOptions options) {
        return new TableTopicWriter(catalog, TABLE, options);
    }

    AutoMqTable source() {
        return source(options());
    }

    /** Defaults, for a table of any layout. */
    AutoMqTableOptions options() {
        return AutoMqTableOptions.defaults(clock).withLayout(new LayoutChoice.Detected(TableLayouts.builtIn()));
    }

    AutoMqTable source(AutoMqTableOptions options) {
        return new AutoMqTable(catalog, TABLE, options);
    }

    Table table() {
        return catalog.find(TableName.of(TABLE)).orElseThrow();
    }

    /** Drops the table and leaves its files. */
    void drop() {
        iceberg.dropTable(TableName.of(TABLE).identifier(), false);
    }

    /** Writes messages of one span each to a partition and commits them; times follow the span numbers in seconds. */
    void commit(TableTopicWriter topic, int partition, long firstSpan, long lastSpan) {
        for (long span = firstSpan; span <= lastSpan; span++) {
            topic.append(KafkaMessage.of(partition, Otlp.message(Otlp.span(1, span)), millis(span)));
        }
        topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
    }

    static long millis(long seconds) {
        return NOON.toEpochMilli() + seconds * 1000;
    }

    /** All spans of the table that a new reader gets. */
    List<Long> allSpans() {
        CollectedSpans spans = new CollectedSpans();
        source().readNew(SourceCursor.START, spans);
        return spans.spanIds;
    }

    List<DataFile> files() {
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table().newScan().includeColumnStats().planFiles()) {
            tasks.forEach(task -> files.add(task.file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(Comparator.comparingLong(DataFile::dataSequenceNumber));
        return files;
    }

    /** Rewrites the selected files into one, as compaction does; its rows get the commit's sequence number. */
    void compact(Predicate<DataFile> selected) {
        Table table = table();
        rewrite(table, selected, table.newRewrite());
    }

    /** The same as Spark and Trino do it: the new file keeps the sequence number at which the compaction began. */
    void compactKeepingSequenceNumber(Predicate<DataFile> selected) {
        Table table = table();
        rewrite(table, selected, table.newRewrite().dataSequenceNumber(table.currentSnapshot().sequenceNumber()));
    }

    private void rewrite(Table table, Predicate<DataFile> selected, RewriteFiles rewrite) {
        Set<DataFile> old = new HashSet<>(files().stream().filter(selected).toList());
        if (!old.isEmpty()) {
            old.forEach(rewrite::deleteFile);
            copies(table, old, row -> true).forEach(rewrite::addFile);
            rewrite.validateFromSnapshot(table.currentSnapshot().snapshotId()).commit();
        }
    }

    /** The rows of these files, in new files that belong to nobody yet. */
    List<DataFile> copies(Table table, Iterable<DataFile> files, Predicate<Record> selected) {
        DataFileWriter writer = new DataFileWriter(table, 99, 0, 64 << 20);
        Schema schema = table.schema();
        for (DataFile file : files) {
            try (CloseableIterable<Record> rows = Parquet.read(table.io().newInputFile(file.location()))
                    .project(schema).createReaderFunc(read -> GenericParquetReaders.buildReader(schema, read))
                    .build()) {
                for (Record row : rows) {
                    if (selected.test(row)) {
                        writer.write(row);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return writer.complete();
    }

    /** Commits the rows of these files once more, as AutoMQ may after a crash. */
    void commitAgain(Iterable<DataFile> files) {
        Table table = table();
        var append = table.newAppend();
        append.set("automq.commit.id", "again");
        copies(table, files, row -> true).forEach(append::appendFile);
        append.commit();
    }

    /** Expires all snapshots but the current one, and deletes the files that no live snapshot needs. */
    void expireSnapshots() {
        table().expireSnapshots().expireOlderThan(System.currentTimeMillis() + Duration.ofDays(1).toMillis())
                .retainLast(1).commit();
    }

    @Override
    public void close() {
        catalog.close();
    }
}
