package dev.tailsampling.selector;

import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import java.util.Set;

/** Receives what a source reads. Called on the reading thread. */
public interface SpanSink {

    /** Parts of spans that the sink looks at; asked once for each read. */
    default Set<SpanField> fields() {
        return SpanField.ALL;
    }

    /** One span; the view is valid only during the call. */
    void span(SpanView span, SourceRow row);

    /**
     * Everything that came before this time has been delivered. A source that knows this between two rows says so: then
     * traces are complete at the same rows however many of them are read at once.
     *
     * @param tableTimeMillis milliseconds since the epoch, never less than before
     */
    default void timeReached(long tableTimeMillis) {
        // Sources that read whole commits know it at the end of a read only.
    }

    /**
     * Whether a row with a span of this trace may be delivered in this read. If not, a source that calls
     * {@link #timeReached} ends the read before that row: its trace has been completed in this read, and the span is late.
     */
    default boolean accepts(long traceIdHigh, long traceIdLow) {
        return true;
    }

    /** Whether {@link #accepts} would say yes whatever the trace. */
    default boolean acceptsAll() {
        return true;
    }

    /**
     * A row whose value is not trace data. It is skipped, and goes to the dead letters.
     *
     * @param reason one sentence
     */
    void undecodable(SourceRow row, String reason);

    /**
     * A damaged file. What of it could be read has been delivered, the rest is left out.
     *
     * @param reason one sentence
     */
    void unreadable(String file, String reason);
}
