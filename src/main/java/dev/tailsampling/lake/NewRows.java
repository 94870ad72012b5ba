package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import java.util.List;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** One read of new rows. It may be attempted several times: what was delivered stays delivered. Not thread-safe. */
final class NewRows {

    /**
     * What outlives one read.
     *
     * @param source the table
     * @param maxBytes one read takes whole commits up to this size of their files, but at least one
     * @param tableTime how table time follows from the table
     * @param movedRows finds rows behind the end of a read
     * @param offsetReset notices offsets that begin anew
     * @param readFiles the files that were read, where there are no offsets
     */
    record Context(SourceTable source, long maxBytes, TableTime tableTime, MovedRows movedRows,
            OffsetReset offsetReset, ReadFiles readFiles) {}

    private final Context context;
    private final SourceCursor after;
    private final RowDelivery delivery;
    private final CommitRows commits;

    NewRows(Context context, SourceCursor after, RowDelivery delivery) {
        this.context = context;
        this.after = after;
        this.delivery = delivery;
        this.commits = new CommitRows(after, delivery, context.readFiles(), context.maxBytes());
    }

    SourceRead read(Table table) {
        refuseOtherTable(table);
        Snapshot snapshot = table.currentSnapshot();
        if (snapshot == null) {
            // Whether the layout is one that can be read is better said now than with the first row.
            context.source().bound(table);
            SourceCursor cursor = new SourceCursor(table.uuid().toString(), after.sequenceNumberInclusive(),
                    after.nextOffsets(), after.tableTimeMillis());
            return result(cursor, cursor.tableTimeMillis(), 0, true);
        }
        try (PinnedTable pinned = context.source().pinned(table, snapshot)) {
            return pinned.hasPositions() ? read(pinned) : readCommits(pinned);
        }
    }

    private SourceRead readCommits(PinnedTable table) {
        CommitRows.Reached reached = commits.read(table);
        SourceCursor cursor = cursor(table, reached.throughInclusive(),
                CommitPositions.next(reached.throughInclusive(), reached.loadInclusive()));
        return reached.caughtUp() ? caughtUp(table, cursor) : unfinished(cursor, reached.rowsPending());
    }

    private void refuseOtherTable(Table table) {
        String uuid = table.uuid().toString();
        if (!after.tableId().isEmpty() && !after.tableId().equals(uuid)) {
            throw new SourceException("table " + context.source().name() + " was created anew: its UUID is " + uuid
                    + ", but decisions so far are about " + after.tableId() + "; to sample the new table, start with a "
                    + "new state directory and ledger namespace");
        }
    }

    private SourceRead read(PinnedTable table) {
        List<PlannedFile> planned = table.planner().committedAfter(after.sequenceNumberInclusive(), this::isNew);
        int count = filesOfOneRead(planned);
        delivery.deliverFrom(planned.subList(0, count), table, after.nextOffsets());
        List<PlannedFile> rest = planned.subList(count, planned.size());
        context.movedRows().deliver(rest, table, after.nextOffsets(), delivery);
        if (delivery.rows() > 0) {
            context.offsetReset().delivered(delivery.maxActiveMillis());
        }
        return rest.isEmpty()
                ? caughtUp(table, cursor(table, table.snapshot().sequenceNumber()))
                : unfinished(cursor(table, planned.get(count - 1).dataSequenceNumber()),
                        rest.stream().mapToLong(PlannedFile::rows).sum());
    }

    private boolean isNew(PlannedFile file) {
        if (!file.isBelow(after.nextOffsets())) {
            return true;
        }
        context.offsetReset().skipped(file);
        return false;
    }

    /** Whole sequence numbers, as many as fit, at least one. */
    private int filesOfOneRead(List<PlannedFile> planned) {
        int count = 0;
        long bytes = 0;
        int end = endOfCommit(planned, 0);
        while (count < end) {
            for (PlannedFile file : planned.subList(count, end)) {
                bytes += file.sizeInBytes();
            }
            if (count > 0 && bytes > context.maxBytes()) {
                break;
            }
            count = end;
            end = endOfCommit(planned, count);
        }
        return count;
    }

    private static int endOfCommit(List<PlannedFile> planned, int start) {
        int end = start;
        while (end < planned.size()
                && planned.get(end).dataSequenceNumber() == planned.get(start).dataSequenceNumber()) {
            end++;
        }
        return end;
    }

    private SourceRead caughtUp(PinnedTable table, SourceCursor cursor) {
        return result(cursor, context.tableTime().whenCaughtUp(cursor.tableTimeMillis(), table.table()), 0, true);
    }

    private SourceCursor cursor(PinnedTable table, long throughInclusive) {
        TreeMap<Integer, Long> next = new TreeMap<>(after.nextOffsets().byPartition());
        delivery.delivered().ends().byPartition().forEach((partition, end) -> next.merge(partition, end, Math::max));
        return cursor(table, throughInclusive, new SourceOffsets(next));
    }

    private SourceCursor cursor(PinnedTable table, long throughInclusive, SourceOffsets next) {
        long through = Math.max(after.sequenceNumberInclusive(), throughInclusive);
        return new SourceCursor(table.table().uuid().toString(), through, next,
                context.tableTime().after(after, table.table(), through, delivery.maxActiveMillis()));
    }

    private SourceRead unfinished(SourceCursor cursor, long rowsPending) {
        return result(cursor, cursor.tableTimeMillis(), rowsPending, false);
    }

    private SourceRead result(SourceCursor cursor, long tableTimeMillis, long rowsPending, boolean caughtUp) {
        return new SourceRead(cursor, tableTimeMillis, delivery.files(), delivery.rows(), delivery.duplicateRows(),
                delivery.bytes(), rowsPending, caughtUp);
    }
}
