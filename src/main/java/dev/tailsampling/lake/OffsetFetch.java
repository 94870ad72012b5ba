package dev.tailsampling.lake;

import dev.tailsampling.lake.PlannedFile.Bounds;
import dev.tailsampling.parquet.CorruptFileException;
import dev.tailsampling.selector.FetchBatches;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.SpanFetcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch from a part of a partition: the requests in batches that fit into memory. A batch reads each file once that may
 * have rows at its locations, and of it the pages near them. Not thread-safe.
 */
final class OffsetFetch {

    private static final Logger LOG = LoggerFactory.getLogger(OffsetFetch.class);

    private final OffsetWindow window;
    private final SpanFetcher.Receiver receiver;
    private final List<Batch> batches = new ArrayList<>();

    /**
     * Reads nothing yet.
     *
     * @param requests their locations are {@link OffsetLocations}; where there are none, the arrival times tell
     */
    OffsetFetch(OffsetWindow window, List<FetchRequest> requests, AutoMqTableOptions options,
            SpanFetcher.Receiver receiver) {
        this.window = window;
        this.receiver = receiver;
        for (List<FetchRequest> batch : FetchBatches.of(requests, options.maxBytesInFlight())) {
            batches.add(new Batch(
                    new WantedTraces(batch, options.maxBytesInFlight(), options.partBytes(), receiver)));
        }
    }

    /** Fetches what is still to be fetched: when the table must be loaded anew, what was read stays read. */
    void fetch(PinnedTable table) {
        while (!batches.isEmpty() && receiver.wantsMore()) {
            batches.getFirst().fetch(table);
            batches.removeFirst();
        }
    }

    private final class Batch {

        private final WantedTraces wanted;
        private final OffsetRanges readRows = new OffsetRanges();
        private final Set<String> readPaths = new HashSet<>();
        private final TreeSet<Integer> locations = new TreeSet<>();
        private boolean isAnyAnywhere;
        private Bounds arrivalsAnywhere = Bounds.UNKNOWN;
        private int incomplete = -1;

        Batch(WantedTraces wanted) {
            this.wanted = wanted;
        }

        void fetch(PinnedTable table) {
            FilePlanner.FilesByKey files = table.planner().arrivedWithin(wanted.arrivals(trace -> true),
                    wanted.traceIds(), this::isNeeded);
            read(files.likely(), table);
            read(files.unlikely(), table);
            wanted.deliverAll();
        }

        private void read(List<PlannedFile> files, PinnedTable table) {
            List<PlannedFile> needed = files.stream().filter(this::isNeeded).toList();
            if (wanted.isMuchOf(needed)) {
                table.spans().expect(needed);
            }
            for (PlannedFile file : needed) {
                if (receiver.wantsMore() && isNeeded(file)) {
                    read(file, table);
                }
            }
        }

        private boolean isNeeded(PlannedFile file) {
            lookAtIncomplete();
            return !readPaths.contains(file.path()) && mayHold(file.partitions(), file.offsets(), file.timestamps());
        }

        private boolean mayHold(Bounds partitions, Bounds offsets, Bounds timestamps) {
            return window.overlaps(partitions, offsets) && (mayHoldLocation(window.within(offsets))
                    || isAnyAnywhere && timestamps.overlap(arrivalsAnywhere.min(), arrivalsAnywhere.max()));
        }

        private boolean mayHoldLocation(Bounds offsets) {
            Integer next = offsets.min() > offsets.max()
                    ? null
                    : locations.ceiling(OffsetLocations.of(Math.max(0, offsets.min())));
            return next != null && OffsetLocations.firstOffset(next) <= offsets.max();
        }

        /** Traces of which all spans were found are not looked for any more. */
        private void lookAtIncomplete() {
            if (incomplete == wanted.incomplete()) {
                return;
            }
            incomplete = wanted.incomplete();
            locations.clear();
            wanted.all().stream().filter(trace -> !trace.isComplete())
                    .forEach(trace -> locations.addAll(trace.locations()));
            arrivalsAnywhere = wanted.arrivals(trace -> trace.isAnywhere() && !trace.isComplete());
            isAnyAnywhere = arrivalsAnywhere.min() <= arrivalsAnywhere.max();
        }

        private void read(PlannedFile file, PinnedTable table) {
            WantedRows rows = new WantedRows();
            try {
                table.spans().fetch(file, rows, rows, (span, timestampMillis) -> wanted.add(span));
            } catch (CorruptFileException e) {
                // Scanning may have needed less of the file, and so have seen no damage.
                LOG.warn("spans may be missing from exported traces: {}", e.getMessage());
            }
            readPaths.add(file.path());
        }

        /** The rows at the wanted places, and the wanted traces in them. */
        private final class WantedRows implements SpanReader.RowSelection, SpanReader.TraceSelection {

            private long rowOffset;
            private int location = -1;
            private boolean isWanted;

            @Override
            public boolean maySelect(Bounds partitions, Bounds offsets) {
                return mayHold(partitions, offsets, Bounds.UNKNOWN);
            }

            @Override
            public boolean selects(int partition, long offset, long timestampMillis) {
                rowOffset = offset;
                return window.contains(partition, offset) && wanted.incomplete() > 0
                        && (isAtWantedLocation(offset) || arrivalsAnywhere.contains(timestampMillis))
                        && readRows.add(partition, offset);
            }

            /** Rows follow each other, so the answer is mostly the one before. */
            private boolean isAtWantedLocation(long offset) {
                int now = OffsetLocations.of(offset);
                if (now != location) {
                    location = now;
                    isWanted = locations.contains(now);
                }
                return isWanted;
            }

            @Override
            public boolean mayHave(long traceIdHigh, long traceIdLow) {
                return wanted.has(traceIdHigh, traceIdLow);
            }

            @Override
            public boolean selects(long traceIdHigh, long traceIdLow, long timestampMillis) {
                return wanted.isWantedAt(traceIdHigh, traceIdLow, timestampMillis, rowOffset);
            }
        }
    }
}
