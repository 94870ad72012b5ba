package dev.tailsampling.backfill;

import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.ReadStats;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.selector.SpanSource;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The spans of the traces of a range, one slice at each read. A position is a time of arrival: it stands where a table
 * that grows has the offset of Kafka partition 0, and the place of a span is the number of its slice. So what the flow
 * does to recover needs no second mechanism. Table time at the end of a slice is that end, for the past is complete.
 *
 * <p>Not thread-safe.
 */
final class RangeSource implements SpanSource {

    private static final int TIME = 0;

    private final SpanHistory history;
    private final BackfillRange range;
    private final List<BackfillSlice> slices;
    private final NavigableMap<Long, BackfillSlice> byStart = new TreeMap<>();
    private final RangeMembers members;
    private long completeUntilMillis = SourceCursor.NO_TABLE_TIME;
    private @Nullable BackfillSlice lastRead;
    private boolean stopped;
    private boolean ended;

    /**
     * Reads nothing yet.
     *
     * @param slices what is to be read, in order and without gaps
     */
    RangeSource(SpanHistory history, BackfillRange range, List<BackfillSlice> slices) {
        this.history = history;
        this.range = range;
        this.slices = List.copyOf(slices);
        slices.forEach(slice -> byStart.put(slice.fromMillisInclusive(), slice));
        this.members = new RangeMembers(history, range);
    }

    @Override
    public String name() {
        return history.name();
    }

    @Override
    public SourceRead readNew(SourceCursor after, SpanSink sink) {
        long position = position(after);
        Map.Entry<Long, BackfillSlice> next = byStart.ceilingEntry(position);
        if (stopped || after.hasEnded() || next == null) {
            return end(after);
        }
        BackfillSlice slice = next.getValue();
        requireComplete(slice);
        members.learnUntil(position);
        SourceRead read = read(slice, slice.fromMillisInclusive(), slice.untilMillisExclusive(), sink);
        refuseOtherTable(after, read.cursor());
        lastRead = slice;
        return read;
    }

    private long position(SourceCursor after) {
        return Math.max(after.nextOffsets().of(TIME), range.fromMillisInclusive());
    }

    private SourceRead read(BackfillSlice slice, long fromMillis, long untilMillis, SpanSink sink) {
        return history.read(fromMillis, untilMillis, new OfMembers(slice, sink));
    }

    /** Nothing is left to read, and whatever is open is quiet. */
    private SourceRead end(SourceCursor after) {
        ended = true;
        return new SourceRead(after.ended(), range.allQuietMillis(), 0, 0, 0, 0, 0, true);
    }

    private void requireComplete(BackfillSlice slice) {
        if (slice.untilMillisExclusive() > completeUntilMillis) {
            completeUntilMillis = history.completeUntilMillis();
        }
        if (slice.untilMillisExclusive() > completeUntilMillis) {
            throw new SourceException("table " + name() + " is complete up to " + text(completeUntilMillis)
                    + " only, but traces of the range are open after that: go on with the same run after "
                    + text(slice.untilMillisExclusive()));
        }
    }

    /**
     * Refuses a range whose last traces cannot be complete yet.
     *
     * @throws SourceException that says so
     */
    static void requireRange(SpanHistory history, BackfillRange range) {
        long completeUntil = history.completeUntilMillis();
        if (range.firstCompleteMillis() > completeUntil) {
            throw new SourceException("table " + history.name() + " is complete up to " + text(completeUntil)
                    + " only, but the last traces of the range are not complete before "
                    + text(range.firstCompleteMillis()) + ": let the range end earlier, or wait");
        }
    }

    private static String text(long millis) {
        return millis == SourceCursor.NO_TABLE_TIME ? "no known time" : Instant.ofEpochMilli(millis).toString();
    }

    private void refuseOtherTable(SourceCursor before, SourceCursor now) {
        if (!before.tableId().isEmpty() && !before.tableId().equals(now.tableId())) {
            throw new SourceException("table " + name() + " was created anew since the run began: its UUID is "
                    + now.tableId() + " and was " + before.tableId() + "; start another run");
        }
    }

    @Override
    public void readAgain(SourceOffsets fromInclusive, SourceCursor until, SpanSink sink) {
        long from = fromInclusive.of(TIME);
        long end = until.nextOffsets().of(TIME);
        members.learnUntil(end);
        for (BackfillSlice slice : slices) {
            long begin = Math.max(from, slice.fromMillisInclusive());
            long stop = Math.min(end, slice.untilMillisExclusive());
            if (begin < stop) {
                read(slice, begin, stop, sink);
            }
        }
    }

    @Override
    public SourceOffsets lowestOffsets(SortedSet<Integer> sliceNumbers, SourceCursor cursor) {
        return sliceNumbers.isEmpty()
                ? cursor.nextOffsets()
                : SourceOffsets.NONE
                        .with(Map.of(TIME, slices.get(sliceNumbers.first() - 1).fromMillisInclusive()));
    }

    @Override
    public void forgetAllBut(SortedSet<Integer> sliceNumbers) {
        // Slices are their own numbers.
    }

    @Override
    public ReadStats stats() {
        return history.stats();
    }

    /** The slice that was read last, null before the first. */
    @Nullable
    BackfillSlice lastRead() {
        return lastRead;
    }

    /** The next read finds the end: every trace of the range is complete. */
    void stop() {
        stopped = true;
    }

    /** Whether a read has found the end. */
    boolean hasEnded() {
        return ended;
    }

    /** Hands on the spans of the range's traces, with a time for a position. */
    private final class OfMembers implements SpanSink {

        private final BackfillSlice slice;
        private final SpanSink sink;
        private SourceRow place = new SourceRow(TIME, -1, -1, 0);

        OfMembers(BackfillSlice slice, SpanSink sink) {
            this.slice = slice;
            this.sink = sink;
        }

        @Override
        public Set<SpanField> fields() {
            return sink.fields();
        }

        @Override
        public void span(SpanView span, SourceRow row) {
            long arrival = row.timestampMillis();
            if (members.admits(slice, span, arrival)) {
                if (place.offset() != arrival) {
                    place = new SourceRow(TIME, arrival, arrival, slice.number());
                }
                sink.span(span, place);
            }
        }

        /** With its own position, by which it is known if it was noted before. */
        @Override
        public void undecodable(SourceRow row, String reason) {
            if (slice.fromMillisInclusive() < range.toMillisExclusive()) {
                sink.undecodable(row, reason);
            }
        }

        @Override
        public void unreadable(String file, String reason) {
            sink.unreadable(file, reason);
        }
    }
}
