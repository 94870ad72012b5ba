package dev.tailsampling.lake;

import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;

/**
 * Writes rows of the ledger into files, and says of the files whether their rows came in the order of their trace ids. Not
 * thread-safe.
 */
final class LedgerWriter {

    private static final long TARGET_FILE_BYTES = 128L << 20;

    private final Table table;
    private final DataFileWriter files;
    private final int traceId;
    private String last = "";
    private boolean isSorted = true;

    /**
     * Opens no file yet.
     *
     * @param number part of the files' names
     */
    LedgerWriter(Table table, long number) {
        this.table = table;
        this.files = new DataFileWriter(table, 1, number, TARGET_FILE_BYTES);
        this.traceId = table.schema().columns().indexOf(table.schema().findField(LedgerSchema.TRACE_ID));
    }

    void write(Record row) {
        String next = row.get(traceId, String.class);
        isSorted &= last.compareTo(next) <= 0;
        last = next;
        files.write(row);
    }

    /** Closes the files and returns them. */
    List<DataFile> complete() {
        List<DataFile> complete = files.complete();
        return isSorted ? complete.stream().map(file -> DataFileWriter.sorted(table, file)).toList() : complete;
    }

    /** Closes the files and deletes them. */
    void abort() {
        files.abort();
    }
}
