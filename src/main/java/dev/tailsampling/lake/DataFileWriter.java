package dev.tailsampling.lake;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.FanoutDataWriter;
import org.apache.iceberg.io.OutputFileFactory;

/**
 * Writes rows into Parquet files of a table's current schema and partition spec, one open file for each Iceberg
 * partition. The files belong to nobody until they are committed. Not thread-safe.
 */
final class DataFileWriter implements Closeable {

    private final Table table;
    private final FanoutDataWriter<Record> writer;
    private final PartitionKey partitionKey;
    private final InternalRecordWrapper wrapper;

    /**
     * Opens no file yet.
     *
     * @param number distinguishes writers that write at the same time; part of the files' names
     * @param timeMillis likewise
     */
    DataFileWriter(Table table, int number, long timeMillis, long targetFileBytes) {
        this.table = table;
        OutputFileFactory files = OutputFileFactory.builderFor(table, number, timeMillis).defaultSpec(table.spec())
                .operationId(UUID.randomUUID().toString()).format(FileFormat.PARQUET).build();
        GenericFileWriterFactory format = new GenericFileWriterFactory.Builder(table)
                .dataFileFormat(FileFormat.PARQUET).dataSchema(table.schema()).build();
        this.writer = new FanoutDataWriter<>(format, files, table.io(), targetFileBytes);
        this.partitionKey = new PartitionKey(table.spec(), table.schema());
        this.wrapper = new InternalRecordWrapper(table.schema().asStruct());
    }

    void write(Record row) {
        partitionKey.partition(wrapper.wrap(row));
        writer.write(row, table.spec(), partitionKey);
    }

    /** Closes the files and returns them. */
    List<DataFile> complete() {
        close();
        return writer.result().dataFiles();
    }

    /** Closes the files and deletes them. */
    void abort() {
        delete(table, complete());
    }

    /** A file of which is known that its rows are in the order of the table. */
    static DataFile sorted(Table table, DataFile file) {
        return DataFiles.builder(table.spec()).copy(file).withSortOrder(table.sortOrder()).build();
    }

    /** Deletes files that were not committed. */
    static void delete(Table table, List<DataFile> files) {
        files.forEach(file -> table.io().deleteFile(file.location()));
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing data files of " + table.name() + " failed", e);
        }
    }
}
