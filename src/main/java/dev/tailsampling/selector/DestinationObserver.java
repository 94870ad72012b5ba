package dev.tailsampling.selector;

import java.time.Duration;

/** Told how it goes with each destination, by the name of its exporter. Thread-safe. */
public interface DestinationObserver {

    /** Nobody looks. */
    DestinationObserver NONE = new DestinationObserver() {
        @Override
        public void ended(String destination, Batch batch) {}

        @Override
        public void queued(String destination, long bytes) {}

        @Override
        public void breaker(String destination, BreakerState state) {}
    };

    /**
     * A batch that has come to an end at one destination.
     *
     * @param spans in it
     * @param bytes of OTLP in it, before compression
     * @param outcome what came of it
     * @param took from when it was handed over, waiting and retries included
     */
    record Batch(long spans, long bytes, ExportOutcome outcome, Duration took) {

        /** Spans that the destination will not keep; of an unknown outcome none. */
        public long refusedSpans() {
            return switch (outcome) {
                case ExportOutcome.Exported exported -> Math.min(spans, exported.rejectedSpans());
                case ExportOutcome.Refused ignored -> spans;
                case ExportOutcome.Unknown ignored -> 0;
            };
        }
    }

    /** Whether a destination is tried. */
    enum BreakerState {
        /** As it should be. */
        CLOSED,
        /** It is away and left alone for a while. */
        OPEN,
        /** One batch finds out whether it is back. */
        HALF_OPEN
    }

    /** A batch has come to an end. */
    void ended(String destination, Batch batch);

    /** So many more bytes wait for the destination or are on their way, or fewer if negative. */
    void queued(String destination, long bytes);

    /** The breaker of the destination has changed to this state. */
    void breaker(String destination, BreakerState state);
}
