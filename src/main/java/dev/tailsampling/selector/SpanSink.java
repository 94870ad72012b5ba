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
