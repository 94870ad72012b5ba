package dev.tailsampling.lake;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.ReadStats;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.selector.SpanSource;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;

/**
 * A table of spans, as AutoMQ Table Topic writes it or of another layout that is known or described. The table is loaded
 * anew in every call, so that a table that appears, is created anew or hands out new credentials is noticed. Only read,
 * never written.
 *
 * <p>Not thread-safe. Reading and fetching share the numbers of the files, so both ports are one object.
 */
public final class AutoMqTable implements SpanSource, SpanFetcher {

    private final LakeCatalog catalog;
    private final TableName name;
    private final SourceTable source;
    private final AutoMqTableOptions options;
    private final NewRows.Context reading;
    private final Locations locations = new Locations();

    /**
     * Connects to nothing yet.
     *
     * @param table "namespace.table"; the table part may contain dots
     */
    public AutoMqTable(LakeCatalog catalog, String table, AutoMqTableOptions options) {
        this.catalog = catalog;
        this.name = TableName.of(table);
        this.options = options;
        this.source = new SourceTable(name, options.layout(), new ReadTotals());
        this.reading = new NewRows.Context(source, options.maxBytesPerRead(), new TableTime(options.tableTime()),
                new MovedRows(), new OffsetReset(name), new ReadFiles());
    }

    @Override
    public String name() {
        return name.text();
    }

    @Override
    public SourceRead readNew(SourceCursor after, SpanSink sink) {
        NewRows read = new NewRows(reading, after, new RowDelivery(locations, sink));
        return explained("reading", () -> PinnedTable.withCurrent(catalog, name, read::read));
    }

    @Override
    public void readAgain(SourceOffsets fromInclusive, SourceCursor until, SpanSink sink) {
        RowDelivery delivery = new RowDelivery(locations, sink);
        explained("reading again", () -> PinnedTable.withCurrent(catalog, name, table -> {
            Snapshot snapshot = table.currentSnapshot();
            if (snapshot != null) {
                try (PinnedTable pinned = source.pinned(table, snapshot)) {
                    readAgain(pinned, fromInclusive, until, delivery);
                }
            }
            return delivery;
        }));
    }

    private static void readAgain(PinnedTable table, SourceOffsets fromInclusive, SourceCursor until,
            RowDelivery delivery) {
        if (table.hasPositions()) {
            List<PlannedFile> files =
                    table.planner().all(file -> file.mayHoldWithin(fromInclusive, until.nextOffsets()));
            delivery.deliverWithin(files, table, fromInclusive, until.nextOffsets());
        } else {
            CommitRows.readAgain(table, fromInclusive, until, delivery);
        }
    }

    @Override
    public SourceOffsets lowestOffsets(SortedSet<Integer> numbers, SourceCursor cursor) {
        return locations.lowestOffsets(numbers, cursor.nextOffsets());
    }

    @Override
    public void forgetAllBut(SortedSet<Integer> numbers) {
        locations.forgetAllBut(numbers);
    }

    @Override
    public ReadStats stats() {
        return source.totals().stats();
    }

    @Override
    public void fetch(List<FetchRequest> requests, SourceOffsets until, Receiver receiver) {
        TraceFetch fetch = new TraceFetch(catalog, source, locations, options, until, receiver);
        explained("fetching traces from", () -> {
            fetch.fetch(requests);
            return requests;
        });
    }

    private <T> T explained(String doing, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw catalog.failure(e, doing + " table " + name);
        }
    }
}
