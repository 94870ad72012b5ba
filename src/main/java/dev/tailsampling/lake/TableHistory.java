package dev.tailsampling.lake;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.ReadStats;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.selector.SpanSink;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * A table of spans by the time of their arrival. Files are chosen by the bounds of their rows' timestamps, so sequence
 * numbers, the expiry of snapshots and compaction do not matter. The table is loaded anew in every call, and files that
 * vanish while they are read are looked for again. Only read, never written.
 *
 * <p>Not thread-safe.
 */
public final class TableHistory implements SpanHistory {

    private final LakeCatalog catalog;
    private final TableName name;
    private final SourceTable source;
    private final AutoMqTableOptions options;
    private final TableTime tableTime;

    /**
     * Connects to nothing yet.
     *
     * @param table "namespace.table"; the table part may contain dots
     */
    public TableHistory(LakeCatalog catalog, String table, AutoMqTableOptions options) {
        this.catalog = catalog;
        this.name = TableName.of(table);
        this.source = new SourceTable(name, options.layout(), new ReadTotals());
        this.options = options;
        this.tableTime = new TableTime(options.tableTime());
    }

    @Override
    public String name() {
        return name.text();
    }

    @Override
    public List<Portion> portions(long fromMillisInclusive, long untilMillisExclusive) {
        return explained("listing the files of", () -> PinnedTable.withCurrent(catalog, name, table -> {
            Snapshot snapshot = table.currentSnapshot();
            if (snapshot == null) {
                return List.of();
            }
            try (PinnedTable pinned = source.pinned(table, snapshot)) {
                return files(pinned, fromMillisInclusive, untilMillisExclusive).stream()
                        .map(file -> new Portion(file.timestamps().min(), file.timestamps().max(), file.sizeInBytes()))
                        .toList();
            }
        }));
    }

    private static List<PlannedFile> files(PinnedTable table, long fromMillisInclusive, long untilMillisExclusive) {
        return table.planner().arrivedWithin(new PlannedFile.Bounds(fromMillisInclusive, untilMillisExclusive - 1),
                file -> true);
    }

    @Override
    public ReadStats stats() {
        return source.totals().stats();
    }

    /** By its watermarks; where it has none, by the youngest row that it holds. */
    @Override
    public long completeUntilMillis() {
        return explained("reading the watermarks of", () -> PinnedTable.withCurrent(catalog, name, table -> {
            Snapshot snapshot = table.currentSnapshot();
            if (snapshot == null) {
                return SourceCursor.NO_TABLE_TIME;
            }
            long time = tableTime.after(SourceCursor.START, table, snapshot.sequenceNumber(),
                    youngestMillis(table, snapshot));
            return tableTime.whenCaughtUp(time, table);
        }));
    }

    private long youngestMillis(Table table, Snapshot snapshot) {
        try (PinnedTable pinned = source.pinned(table, snapshot)) {
            return pinned.planner().all(file -> true).stream().mapToLong(file -> file.timestamps().max())
                    .filter(millis -> millis != Long.MAX_VALUE).max().orElse(SourceCursor.NO_TABLE_TIME);
        }
    }

    @Override
    public SourceRead read(long fromMillisInclusive, long untilMillisExclusive, SpanSink sink) {
        RowDelivery delivery = new RowDelivery(new Locations(), sink);
        return explained("reading the history of", () -> PinnedTable.withCurrent(catalog, name, table -> {
            Snapshot snapshot = table.currentSnapshot();
            if (snapshot != null) {
                try (PinnedTable pinned = source.pinned(table, snapshot)) {
                    delivery.deliverArrived(files(pinned, fromMillisInclusive, untilMillisExclusive), pinned,
                            fromMillisInclusive, untilMillisExclusive);
                }
            }
            return result(table, snapshot == null ? 0 : snapshot.sequenceNumber(), untilMillisExclusive, delivery);
        }));
    }

    private static SourceRead result(Table table, long sequenceNumber, long untilMillis, RowDelivery delivery) {
        SourceOffsets position = SourceOffsets.NONE.with(Map.of(0, untilMillis));
        SourceCursor cursor = new SourceCursor(table.uuid().toString(), sequenceNumber, position, untilMillis);
        return new SourceRead(cursor, untilMillis, delivery.files(), delivery.rows(), delivery.duplicateRows(),
                delivery.bytes(), 0, false);
    }

    @Override
    public void fetch(List<FetchRequest> requests, long untilMillisExclusive, SpanFetcher.Receiver receiver) {
        List<FetchRequest> byTime = requests.stream().map(request -> new FetchRequest(request.traceId(), List.of(),
                request.firstArrivalMillis(), request.lastArrivalMillis(), request.spanCount(), request.byteCount()))
                .toList();
        TraceFetch fetch = new TraceFetch(catalog, source, new Locations(), options,
                RowBound.arrivedBefore(untilMillisExclusive), receiver);
        explained("fetching traces from", () -> {
            fetch.fetch(byTime);
            return byTime;
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
