package dev.tailsampling.lake;

import dev.tailsampling.parquet.CorruptFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.TypeUtil;
import software.amazon.awssdk.core.exception.SdkException;

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

    /** What the library throws on nonsense is of all kinds. A failure of the storage may pass, and is no damage. */
    private static <T> T read(PlannedFile file, Supplier<T> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            throw isOfStorage(e) ? e : CorruptFileException.byLibrary(file.path(), e);
        }
    }

    private static boolean isOfStorage(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof NotFoundException || cause instanceof SdkException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Visits all rows. Containers are reused from row to row, which is why nothing of a row may be kept.
     *
     * @throws CorruptFileException if the file is damaged; the rows before have been visited
     */
    void forEach(PlannedFile file, Consumer<Record> action) {
        InputFile input = table.io().newInputFile(file.path(), file.sizeInBytes());
        try (CloseableIterable<Record> rows = Parquet.read(input)
                .project(projection)
                .createReaderFunc(fileSchema -> InternalReader.create(projection, fileSchema))
                .reuseContainers()
                .build();
                CloseableIterator<Record> iterator = read(file, rows::iterator)) {
            while (read(file, iterator::hasNext)) {
                action.accept(read(file, iterator::next));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("closing data file " + file.path() + " failed", e);
        }
    }
}
