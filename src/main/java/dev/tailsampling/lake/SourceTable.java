package dev.tailsampling.lake;

import dev.tailsampling.layout.LayoutChoice;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * A table of spans, and how it is read.
 *
 * @param name where it is in the catalog
 * @param layout how its columns are to be understood
 * @param totals counts what reading it costs
 */
record SourceTable(TableName name, LayoutChoice layout, ReadTotals totals) {

    /**
     * The table as it is in one snapshot. To be closed after use.
     *
     * @throws dev.tailsampling.selector.SourceException if it cannot be read safely
     */
    PinnedTable pinned(Table table, Snapshot snapshot) {
        BoundLayout bound = bound(table);
        return new PinnedTable(table, snapshot, bound, new FilePlanner(name, table, bound, snapshot),
                spanReader(table, bound));
    }

    /**
     * The table's layout.
     *
     * @throws dev.tailsampling.selector.SourceException if it has none that can be read
     */
    BoundLayout bound(Table table) {
        return LayoutBinder.bind(name, table.schema(), layout);
    }

    private SpanReader spanReader(Table table, BoundLayout bound) {
        return switch (bound) {
            case BoundLayout.Records records ->
                new RecordReader(name, new RowReader(name, new DataFiles(table, totals), records), records);
            case BoundLayout.Nested nested -> new NestedReader(name, table, nested);
            case BoundLayout.Spans spans -> new SpanTableReader(name, new DataFiles(table, totals), spans);
        };
    }
}
