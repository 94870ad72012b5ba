package dev.tailsampling.lake;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.PartitionFetcher;
import dev.tailsampling.selector.ReadStats;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SpanFetcher;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;

/**
 * Reads whole spans from the table of a topic by the offsets of their records. Files, row groups and pages far from the
 * wanted offsets are passed over. A record that stands in two files, after a crash of the writer or during a compaction, is
 * read once. Each call asks the catalog for the table as it is now, once, and once more if a file vanishes meanwhile.
 *
 * <p>Not thread-safe. Only read, never written.
 */
public final class TableRows implements PartitionFetcher {

    private final LakeCatalog catalog;
    private final TableName name;
    private final SourceTable source;
    private final AutoMqTableOptions options;
    private final PartitionEnds ends;

    /**
     * Connects to nothing yet.
     *
     * @param table "namespace.table"; the table part may contain dots
     * @param options limits of one fetch, and the layout; one in which rows have no Kafka partition and offset is refused
     *     with a {@link SourceException} by the first call
     */
    public TableRows(LakeCatalog catalog, String table, AutoMqTableOptions options) {
        this.catalog = catalog;
        this.name = TableName.of(table);
        this.options = options;
        this.source = new SourceTable(name, options.layout(), new ReadTotals());
        this.ends = new PartitionEnds(source);
    }

    /** While the table does not exist every partition ends at 0. */
    @Override
    public long endOffsetExclusive(int partition) {
        return explained("looking up the newest offsets in",
                () -> catalog.find(name).map(table -> ends.of(partition, table)).orElse(0L));
    }

    @Override
    public void fetch(int partition, List<FetchRequest> requests, long fromInclusive, long untilExclusive,
            SpanFetcher.Receiver receiver) {
        OffsetFetch fetch = new OffsetFetch(new OffsetWindow(partition, fromInclusive, untilExclusive), requests,
                options, receiver);
        explained("fetching traces from", () -> PinnedTable.withCurrent(catalog, name, table -> {
            Snapshot snapshot = table.currentSnapshot();
            if (snapshot != null) {
                try (PinnedTable pinned = source.pinned(table, snapshot)) {
                    requirePositions(pinned, name);
                    fetch.fetch(pinned);
                }
            }
            return fetch;
        }));
    }

    static void requirePositions(PinnedTable table, TableName name) {
        if (!table.hasPositions()) {
            throw new SourceException("table " + name + " does not say which Kafka record a row is, so spans cannot be "
                    + "found in it by their offsets: use a table with _kafka_metadata, as AutoMQ Table Topic writes it, "
                    + "or name the columns of Kafka partition and offset in its layout");
        }
    }

    /** What its calls have read so far. */
    public ReadStats stats() {
        return source.totals().stats();
    }

    private <T> T explained(String doing, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw catalog.failure(e, doing + " table " + name);
        }
    }
}
