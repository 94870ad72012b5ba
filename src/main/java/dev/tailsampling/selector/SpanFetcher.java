package dev.tailsampling.selector;

import dev.tailsampling.trace.TraceId;
import java.util.List;

/**
 * Reads whole spans of chosen traces. Not thread-safe. Failures are {@link java.io.UncheckedIOException} or
 * {@link SourceException}.
 */
public interface SpanFetcher {

    /** A large trace is best delivered in parts of at most this many bytes, which destinations take in one call. */
    int PART_BYTES = 3 << 20;

    /** Receives the spans found. */
    interface Receiver {
        /**
         * Spans of one trace; a large trace comes in several parts, each a whole request.
         *
         * @param otlp an {@code ExportTraceServiceRequest}; the receiver may keep it
         */
        void spans(TraceId traceId, byte[] otlp, int spanCount);

        /** Whether any more spans are of use; once they are not, they never will be, and need not be read. */
        default boolean wantsMore() {
            return true;
        }
    }

    /**
     * Delivers all spans of these traces that were read up to a position, or until no more are wanted. Memory stays bounded whatever the sizes.
     *
     * @param until rows from here on do not belong to the decision and are left out
     */
    void fetch(List<FetchRequest> requests, SourceOffsets until, Receiver receiver);
}
