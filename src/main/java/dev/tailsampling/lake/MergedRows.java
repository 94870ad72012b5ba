package dev.tailsampling.lake;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableGroup;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The rows of several ledger files in the order of their trace ids, those of one trace in the order of the files. Of a
 * sorted file no more than a row group is in memory, of another one all rows are. Not thread-safe.
 */
final class MergedRows implements Closeable {

    /** The next row of a file. */
    private record Head(String traceId, int file, Record row, Iterator<Record> rest) {}

    private final Table table;
    private final int traceId;
    private final CloseableGroup open = new CloseableGroup();
    private final PriorityQueue<Head> heads =
            new PriorityQueue<>(Comparator.comparing(Head::traceId).thenComparing(Head::file));

    /** Opens all the files. */
    MergedRows(Table table, List<DataFile> files) {
        this.table = table;
        this.traceId = table.schema().columns().indexOf(table.schema().findField(LedgerSchema.TRACE_ID));
        for (int i = 0; i < files.size(); i++) {
            advance(i, rows(files.get(i)));
        }
    }

    private Iterator<Record> rows(DataFile file) {
        CloseableIterable<Record> rows = LedgerFile.rows(table, file, Expressions.alwaysTrue());
        open.addCloseable(rows);
        if (LedgerFile.isSorted(table, file)) {
            return rows.iterator();
        }
        List<Record> sorted = new ArrayList<>();
        rows.forEach(sorted::add);
        sorted.sort(Comparator.comparing(this::traceId));
        return sorted.iterator();
    }

    private String traceId(Record row) {
        return row.get(traceId, String.class);
    }

    private void advance(int file, Iterator<Record> rows) {
        if (rows.hasNext()) {
            Record row = rows.next();
            heads.add(new Head(traceId(row), file, row, rows));
        }
    }

    /** Hands over each row, once. */
    void forEach(Consumer<Record> action) {
        for (Head head = heads.poll(); head != null; head = heads.poll()) {
            action.accept(head.row());
            advance(head.file(), head.rest());
        }
    }

    @Override
    public void close() throws IOException {
        open.close();
    }
}
