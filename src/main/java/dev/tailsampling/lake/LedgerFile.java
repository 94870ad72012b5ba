package dev.tailsampling.lake;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.Parquet;

/** Reading a data file of the ledger. */
final class LedgerFile {

    private LedgerFile() {}

    /** Its rows in the table's present columns; some of those that the filter does not select may be left out. */
    static CloseableIterable<Record> rows(Table table, DataFile file, Expression filter) {
        Schema schema = table.schema();
        InputFile input = table.io().newInputFile(file.location(), file.fileSizeInBytes());
        return Parquet.read(input).project(schema).filter(filter)
                .createReaderFunc(fileSchema -> GenericParquetReaders.buildReader(schema, fileSchema)).build();
    }

    /** Whether the file says that its rows are in the order of the table, which is that of their trace ids. */
    static boolean isSorted(Table table, DataFile file) {
        SortOrder order = table.sortOrder();
        Integer ofFile = file.sortOrderId();
        return order.isSorted() && ofFile != null && ofFile == order.orderId();
    }
}
