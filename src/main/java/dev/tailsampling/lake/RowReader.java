package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a data file, the columns that {@link RowLayout} names. Not thread-safe. */
final class RowReader {

    /** Receives rows in the order of the file. */
    @FunctionalInterface
    interface RowVisitor {
        /**
         * One row.
         *
         * @param value holds the message; valid only during the call, to be left unchanged
         * @param from where it begins
         * @param length its size in bytes; 0 for a tombstone
         */
        void row(int partition, long offset, long timestampMillis, byte[] value, int from, int length);
    }

    private static final byte[] NOTHING = {};

    private final TableName name;
    /** Held while its files are read: REST catalogs close a table's FileIO when nobody holds the table any more. */
    private final Table table;
    private final RowLayout layout;

    RowReader(TableName name, Table table, RowLayout layout) {
        this.name = name;
        this.table = table;
        this.layout = layout;
    }

    /** Visits all rows. */
    void forEach(PlannedFile file, RowVisitor visitor) {
        read(file, layout.rows(), row -> {
            Record metadata = metadata(row, 1, file);
            Object value = row.get(0);
            int partition = (int) metadata.get(0);
            long offset = (long) metadata.get(1);
            long timestampMillis = (long) metadata.get(2);
            if (value instanceof ByteBuffer buffer) {
                visitor.row(partition, offset, timestampMillis, buffer.array(),
                        buffer.arrayOffset() + buffer.position(), buffer.remaining());
            } else {
                byte[] text = utf8(value);
                visitor.row(partition, offset, timestampMillis, text, 0, text.length);
            }
        });
    }

    /** Visits the positions of all rows, without reading their values. */
    void forEachPosition(PlannedFile file, SpanReader.PositionVisitor visitor) {
        read(file, layout.positions(), row -> {
            Record metadata = metadata(row, 0, file);
            visitor.row((int) metadata.get(0), (long) metadata.get(1));
        });
    }

    private static byte[] utf8(@Nullable Object value) {
        return value == null ? NOTHING : value.toString().getBytes(StandardCharsets.UTF_8);
    }

    private Record metadata(Record row, int column, PlannedFile file) {
        Record metadata = (Record) row.get(column);
        if (metadata == null) {
            throw new SourceException("table " + name + " has a row without " + RowLayout.METADATA + " in file "
                    + file.path() + ", so it cannot be told which Kafka record it is: only rows written by AutoMQ 1.6 "
                    + "or later can be read");
        }
        return metadata;
    }

    /** Containers are reused from row to row, which is why nothing of a row may be kept. */
    private void read(PlannedFile file, Schema projection, Consumer<Record> action) {
        InputFile input = table.io().newInputFile(file.path(), file.sizeInBytes());
        try (CloseableIterable<Record> rows = Parquet.read(input)
                .project(projection)
                .createReaderFunc(fileSchema -> GenericParquetReaders.buildReader(projection, fileSchema))
                .reuseContainers()
                .build()) {
            rows.forEach(action);
        } catch (IOException e) {
            throw new UncheckedIOException("closing data file " + file.path() + " failed", e);
        }
    }
}
