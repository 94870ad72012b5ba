package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import java.util.List;

/**
 * One read of new rows from a table whose rows have no Kafka positions: whole commits, each file once. It may be attempted
 * several times, see {@link NewRows}. Not thread-safe.
 */
final class CommitRows {

    /**
     * Where a read ended.
     *
     * @param throughInclusive the last commit that was read
     * @param loadInclusive the commit at which the first read began
     * @param rowsPending rows of the commits that were left
     * @param caughtUp whether there was no further one
     */
    record Reached(long throughInclusive, long loadInclusive, long rowsPending, boolean caughtUp) {}

    private static final long UNKNOWN = -1;

    private final SourceCursor after;
    private final RowDelivery delivery;
    private final ReadFiles readFiles;
    private final long maxBytes;
    /** Remembered from attempt to attempt: what was delivered by one belongs to its load. */
    private long load;
    private long through;
    private long bytes;
    private boolean full;

    CommitRows(SourceCursor after, RowDelivery delivery, ReadFiles readFiles, long maxBytes) {
        this.after = after;
        this.delivery = delivery;
        this.readFiles = readFiles;
        this.maxBytes = maxBytes;
        this.load = CommitPositions.load(after);
    }

    Reached read(PinnedTable table) {
        CommitPlanner commits = table.planner().commits();
        if (load == UNKNOWN) {
            load = commits.sequenceNumber();
        }
        through = after.sequenceNumberInclusive();
        bytes = 0;
        full = false;
        long pending = commits.forEachAfter(after.sequenceNumberInclusive(), load, (number, files) -> {
            long added = files.stream().mapToLong(PlannedFile::sizeInBytes).sum();
            if (bytes > 0 && bytes + added > maxBytes) {
                full = true;
                return false;
            }
            bytes += added;
            List<PlannedFile> first = files.stream().filter(file -> readFiles.isFirst(file, after)).toList();
            table.spans().expect(first);
            first.forEach(file -> {
                delivery.deliverWhole(file, table);
                readFiles.add(file);
            });
            through = number;
            return true;
        });
        return full
                ? new Reached(through, load, pending, false)
                : new Reached(commits.sequenceNumber(), load, 0, true);
    }

    /** Reads commits again, from one up to where reading had ended. */
    static void readAgain(PinnedTable table, SourceOffsets fromInclusive, SourceCursor until, RowDelivery delivery) {
        long afterExclusive = fromInclusive.of(CommitPositions.PARTITION) - 1;
        if (afterExclusive >= until.sequenceNumberInclusive()) {
            return;
        }
        table.planner().commits().forEachAfter(afterExclusive, CommitPositions.load(until), (number, files) -> {
            boolean wanted = number <= until.sequenceNumberInclusive();
            if (wanted) {
                table.spans().expect(files);
                files.forEach(file -> delivery.deliverWhole(file, table));
            }
            return wanted;
        });
    }
}
