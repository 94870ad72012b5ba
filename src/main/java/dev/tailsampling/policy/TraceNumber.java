package dev.tailsampling.policy;

/** A number of a trace as a whole. */
public enum TraceNumber {
    /** Latest end minus earliest start, in nanoseconds. */
    DURATION_NANOS,
    /** Spans as they arrived, duplicates included. */
    SPAN_COUNT,
    /** Size of the spans as OTLP protobuf, in bytes. */
    BYTE_COUNT,
    /** Spans, events and links together. */
    ITEM_COUNT;

    long of(TraceSummary summary) {
        return switch (this) {
            case DURATION_NANOS -> summary.durationNanos();
            case SPAN_COUNT -> summary.spanCount();
            case BYTE_COUNT -> summary.byteCount();
            case ITEM_COUNT -> summary.itemCount();
        };
    }
}
