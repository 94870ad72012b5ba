package dev.tailsampling.lake;

/**
 * When the span of the current row was, from two of its start, end and duration; and when it arrived: if no column says
 * so, when it ended. Not thread-safe.
 */
final class SpanTimes {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final NumberColumn starts;
    private final NumberColumn ends;
    private final NumberColumn durations;
    private final NumberColumn arrivals;
    private final boolean isPlacedByArrival;
    private long start;
    private long end;
    private long arrivalMillis;

    SpanTimes(NumberColumn starts, NumberColumn ends, NumberColumn durations, NumberColumn arrivals) {
        this.starts = starts;
        this.ends = ends;
        this.durations = durations;
        this.arrivals = arrivals;
        this.isPlacedByArrival = !starts.isThere() && !ends.isThere();
    }

    /** Reads the current row. */
    void read() {
        start = starts.nanos();
        end = ends.nanos();
        if (start == 0) {
            start = end == 0 ? 0 : end - durations.nanos();
        }
        boolean arrived = arrivals.hasValue();
        if (isPlacedByArrival && arrived) {
            start = arrivals.nanos();
        }
        if (end == 0) {
            end = start == 0 ? 0 : start + durations.nanos();
        }
        arrivalMillis = arrived ? arrivals.millis() : Math.floorDiv(end, NANOS_PER_MILLI);
    }

    long startUnixNano() {
        return start;
    }

    long endUnixNano() {
        return end;
    }

    long arrivalMillis() {
        return arrivalMillis;
    }
}
