package dev.tailsampling.backfill;

import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import java.util.Set;

/**
 * Tells which traces belong to a range, by arrival alone: not those that had a span shortly before it, and after its end
 * only those that had a span shortly before that. "Shortly" is as long as a trace can be open. Not thread-safe.
 */
final class RangeMembers {

    private final SpanHistory history;
    private final BackfillRange range;
    private final TraceIdSet before = new TraceIdSet();
    private final TraceIdSet activeAtEnd = new TraceIdSet();
    private boolean learned;

    /** Reads nothing yet. */
    RangeMembers(SpanHistory history, BackfillRange range) {
        this.history = history;
        this.range = range;
    }

    /** Reads what has to be known of the rows before a position, once. */
    void learnUntil(long positionMillis) {
        if (learned) {
            return;
        }
        read(range.leadInFromMillis(), range.fromMillisInclusive(), (high, low) -> before.add(high, low));
        read(range.activeFromMillis(), Math.min(positionMillis, range.toMillisExclusive()), this::noteActive);
        learned = true;
    }

    /** Whether a span that arrived in a slice is one of a trace of the range. */
    boolean admits(BackfillSlice slice, SpanView span, long arrivalMillis) {
        long high = span.traceIdHigh();
        long low = span.traceIdLow();
        if (slice.fromMillisInclusive() >= range.toMillisExclusive()) {
            return activeAtEnd.contains(high, low);
        }
        if (before.contains(high, low)) {
            return false;
        }
        if (arrivalMillis >= range.activeFromMillis()) {
            activeAtEnd.add(high, low);
        }
        return true;
    }

    private void noteActive(long high, long low) {
        if (!before.contains(high, low)) {
            activeAtEnd.add(high, low);
        }
    }

    private void read(long fromMillis, long untilMillis, IdVisitor visitor) {
        if (fromMillis < untilMillis) {
            history.read(fromMillis, untilMillis, new IdSink(visitor));
        }
    }

    /** Receives the two halves of a trace id. */
    @FunctionalInterface
    private interface IdVisitor {
        void id(long high, long low);
    }

    /** Looks at nothing but trace ids. */
    private record IdSink(IdVisitor visitor) implements SpanSink {

        @Override
        public Set<SpanField> fields() {
            return Set.of();
        }

        @Override
        public void span(SpanView span, SourceRow row) {
            visitor.id(span.traceIdHigh(), span.traceIdLow());
        }

        @Override
        public void undecodable(SourceRow row, String reason) {
            // It belongs to no trace of the range.
        }

        @Override
        public void unreadable(String file, String reason) {
            // It is told of when the slices are read.
        }
    }
}
