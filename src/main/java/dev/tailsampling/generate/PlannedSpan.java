package dev.tailsampling.generate;

import dev.tailsampling.trace.StatusCode;

/**
 * A span that waits to be sent. Its attributes are derived from its id when it is encoded.
 *
 * @param parentId 0 for a root
 * @param startNanos start, nanoseconds since the epoch
 * @param endNanos end, nanoseconds since the epoch
 * @param readyNanos when it reaches the batch processor: its end, or later for a late span
 */
record PlannedSpan(TraceIdentity trace, long id, long parentId, long startNanos, long endNanos, long readyNanos,
        Operation operation, StatusCode status) implements Comparable<PlannedSpan> {

    @Override
    public int compareTo(PlannedSpan other) {
        int byTime = Long.compare(readyNanos, other.readyNanos);
        return byTime != 0 ? byTime : Long.compare(id, other.id);
    }
}
