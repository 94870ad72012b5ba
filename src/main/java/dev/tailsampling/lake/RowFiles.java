package dev.tailsampling.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.TypeUtil;

/** Reads some columns of data files through Iceberg, values in its internal form. Not thread-safe. */
final class RowFiles {

    /** Held while its files are read: REST catalogs close a table's FileIO when nobody holds the table any more. */
    private final Table table;
    private final Schema projection;

    RowFiles(Table table, Set<Integer> fieldIds) {
        this.table = table;
        this.projection = TypeUtil.select(table.schema(), fieldIds);
    }

    /** The columns that are read, within the structs that they stand in. */
    Schema projection() {
        return projection;
    }

    /** Visits all rows. Containers are reused from row to row, which is why nothing of a row may be kept. */
    void forEach(PlannedFile file, Consumer<Record> action) {
        InputFile input = table.io().newInputFile(file.path(), file.sizeInBytes());
        try (CloseableIterable<Record> rows = Parquet.read(input)
                .project(projection)
                .createReaderFunc(fileSchema -> InternalReader.create(projection, fileSchema))
                .reuseContainers()
                .build()) {
            rows.forEach(action);
        } catch (IOException e) {
            throw new UncheckedIOException("closing data file " + file.path() + " failed", e);
        }
    }
}
