package dev.tailsampling.lake;

import dev.tailsampling.parquet.CorruptFileException;
import dev.tailsampling.selector.FetchBatches;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SpanFetcher;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch: the requests in batches that fit into memory, each batch reading each file that it needs once, in the order
 * in which the files were numbered. That order matters where a record stands in two files: the earlier one is the one
 * from which it was folded, and so the one that the request names. Not thread-safe.
 */
final class TraceFetch {

    private static final Logger LOG = LoggerFactory.getLogger(TraceFetch.class);
    private static final int NO_NUMBER = -1;

    private final LakeCatalog catalog;
    private final SourceTable source;
    private final Locations locations;
    private final AutoMqTableOptions options;
    private final RowBound until;
    private final SpanFetcher.Receiver receiver;

    TraceFetch(LakeCatalog catalog, SourceTable source, Locations locations, AutoMqTableOptions options,
            RowBound until, SpanFetcher.Receiver receiver) {
        this.catalog = catalog;
        this.source = source;
        this.locations = locations;
        this.options = options;
        this.until = until;
        this.receiver = receiver;
    }

    void fetch(List<FetchRequest> requests) {
        for (List<FetchRequest> batch : FetchBatches.of(requests, options.maxBytesInFlight())) {
            if (receiver.wantsMore()) {
                new Batch(new WantedTraces(batch, options.maxBytesInFlight(), options.partBytes(), receiver)).fetch();
            }
        }
    }

    /** The fetch of one batch. What was read stays read when the table must be loaded anew. */
    private final class Batch {

        private final WantedTraces wanted;
        private final OffsetRanges readRows = new OffsetRanges();
        private final Set<String> readPaths = new HashSet<>();
        private final TreeSet<Integer> numbers = new TreeSet<>();

        Batch(WantedTraces wanted) {
            this.wanted = wanted;
        }

        void fetch() {
            wanted.all().forEach(trace -> {
                if (trace.locations().stream().anyMatch(number -> locations.file(number) == null)) {
                    trace.lookAnywhere();
                }
                numbers.addAll(trace.locations());
            });
            PinnedTable.withCurrent(catalog, source.name(), table -> {
                Snapshot snapshot = table.currentSnapshot();
                if (snapshot != null) {
                    fetch(table, snapshot);
                }
                return wanted;
            });
            wanted.deliverAll();
        }

        private void fetch(Table table, Snapshot snapshot) {
            try (PinnedTable pinned = source.pinned(table, snapshot)) {
                fetch(pinned);
            }
        }

        private void fetch(PinnedTable pinned) {
            expect(numbers.stream().map(locations::file).filter(Objects::nonNull).map(PlannedFile.class::cast).toList(),
                    pinned);
            while (!numbers.isEmpty() && receiver.wantsMore()) {
                int number = numbers.first();
                PlannedFile file = locations.file(number);
                if (file != null) {
                    readNamed(number, file, pinned);
                }
                numbers.remove(number);
            }
            if (!wanted.anywhere().isEmpty() && receiver.wantsMore()) {
                readAnywhere(pinned);
            }
        }

        private void expect(List<PlannedFile> files, PinnedTable table) {
            if (wanted.isMuchOf(files)) {
                table.spans().expect(files);
            }
        }

        /** Rows without positions cannot be told from those that were found already, so these traces start over. */
        private void readAnywhere(PinnedTable table) {
            if (!table.hasPositions()) {
                wanted.startOverAnywhere();
                readPaths.clear();
            }
            FilePlanner.FilesByKey files = table.planner().arrivedWithin(wanted.arrivals(NO_NUMBER),
                    wanted.anywhere(), file -> isNeeded(file, table));
            readAnywhere(files.likely(), table);
            readAnywhere(files.unlikely(), table);
        }

        /** Rows without positions may be copies of others, so how many were found says little before all are read. */
        private void readAnywhere(List<PlannedFile> files, PinnedTable table) {
            List<PlannedFile> needed = files.stream().filter(file -> isNeeded(file, table)).toList();
            expect(needed, table);
            for (PlannedFile file : needed) {
                // One that was committed twice is listed twice.
                boolean unread = receiver.wantsMore() && !readPaths.contains(file.path());
                if (unread && (!table.hasPositions() || isNeeded(file, table))) {
                    read(NO_NUMBER, file, table);
                }
            }
        }

        private void readNamed(int number, PlannedFile file, PinnedTable table) {
            try {
                read(number, file, table);
            } catch (NotFoundException e) {
                // Compacted and expired: the rows are in another file by now.
                wanted.all().stream().filter(trace -> trace.locations().contains(number))
                        .forEach(WantedTraces.Wanted::lookAnywhere);
            }
        }

        private boolean isNeeded(PlannedFile file, PinnedTable table) {
            return !readPaths.contains(file.path()) && until.mayBeIn(file, table)
                    && wanted.all().stream()
                            .anyMatch(trace -> trace.isAnywhere() && !trace.isComplete() && trace.mayBeIn(file));
        }

        private void read(int number, PlannedFile file, PinnedTable table) {
            boolean positions = table.hasPositions();
            PlannedFile.Bounds arrivals = wanted.arrivals(number);
            try {
                table.spans().fetch(file,
                        (partition, offset, timestampMillis) -> arrivals.contains(timestampMillis)
                                && until.includes(table, partition, offset, timestampMillis)
                                && (!positions || readRows.add(partition, offset)),
                        new FromPlace(positions, number),
                        (span, timestampMillis) -> wanted.add(span));
            } catch (CorruptFileException e) {
                // Scanning may have needed less of the file, and so have seen no damage.
                LOG.warn("spans may be missing from exported traces: {}", e.getMessage());
            }
            readPaths.add(file.path());
        }

        /** The traces that are wanted from a place. */
        private final class FromPlace implements SpanReader.TraceSelection {

            private final boolean positions;
            private final int number;

            FromPlace(boolean positions, int number) {
                this.positions = positions;
                this.number = number;
            }

            @Override
            public boolean mayHave(long high, long low) {
                return wanted.has(high, low);
            }

            @Override
            public boolean selects(long high, long low, long timestampMillis) {
                return positions
                        ? wanted.isWanted(high, low, timestampMillis, number)
                        : wanted.isWantedOnly(high, low, timestampMillis, number);
            }
        }
    }
}
