package dev.tailsampling.lake;

import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.selector.SourceException;
import java.util.function.Function;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * A table with one snapshot of it: what one call reads from.
 *
 * @param table as loaded; its current snapshot is the pinned one
 * @param snapshot the pinned snapshot
 * @param layout its columns, found
 * @param planner lists its files
 * @param spans reads them
 */
record PinnedTable(Table table, Snapshot snapshot, BoundLayout layout, FilePlanner planner, SpanReader spans) {

    private static final int ATTEMPTS = 4;

    static PinnedTable of(TableName name, LayoutChoice choice, Table table, Snapshot snapshot) {
        BoundLayout layout = LayoutBinder.bind(name, table.schema(), choice);
        return new PinnedTable(table, snapshot, layout, new FilePlanner(name, table, layout, snapshot),
                spanReader(name, table, layout));
    }

    private static SpanReader spanReader(TableName name, Table table, BoundLayout layout) {
        return switch (layout) {
            case BoundLayout.Records records -> new RecordReader(new RowReader(name, table, records), records);
            case BoundLayout.Nested nested -> new NestedReader(name, table, nested);
            case BoundLayout.Spans spans -> throw new SourceException("table " + name + " has the layout "
                    + spans.layout().name() + ", whose rows are spans, which this release does not read");
        };
    }

    /**
     * Loads the table and works on it, anew when a file vanishes meanwhile: compaction replaces files, and the expiry of
     * snapshots then deletes them, at any time.
     *
     * @param work must be able to begin again where it was interrupted
     * @throws SourceException if the table does not exist
     */
    static <T> T withCurrent(LakeCatalog catalog, TableName name, Function<Table, T> work) {
        for (int attempt = 1;; attempt++) {
            try {
                return work.apply(catalog.find(name).orElseThrow(() -> missing(name)));
            } catch (NotFoundException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static SourceException missing(TableName name) {
        return new SourceException("table " + name + " does not exist (yet): AutoMQ creates it with the topic's first "
                + "record, once automq.table.topic.enable=true is set; else check the name and the catalog");
    }
}
