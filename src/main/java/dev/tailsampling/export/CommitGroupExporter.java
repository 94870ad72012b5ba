package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Collects spans for a destination that takes them in large groups, such as a table, until those who decided are about to
 * record their decisions: {@link #commit} comes first, and without it nothing is recorded. If the process dies between
 * them, the traces are decided and come again. Thread-safe; may have many users, of whom none closes it.
 */
public final class CommitGroupExporter implements TraceExporter {

    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");

    private final TraceExporter destination;
    private final long maxBytes;
    private List<SampledTrace> waiting = new ArrayList<>();
    private long bytes;

    /**
     * Nothing waits yet.
     *
     * @param maxBytes size of the spans that may wait; with more of them exports have to be tried again later
     */
    public CommitGroupExporter(TraceExporter destination, long maxBytes) {
        this.destination = destination;
        this.maxBytes = maxBytes;
    }

    @Override
    public String name() {
        return destination.name();
    }

    @Override
    public synchronized ExportOutcome export(List<SampledTrace> batch) {
        if (bytes > maxBytes) {
            return new ExportOutcome.Unknown("spans of " + bytes + " bytes wait to be committed");
        }
        waiting.addAll(batch);
        batch.forEach(trace -> bytes += trace.otlp().length);
        return DONE;
    }

    @Override
    public ExportOutcome flush() {
        return DONE;
    }

    /** Gives the destination what waits, as one group; if its outcome is unknown, all of it waits on. */
    public synchronized ExportOutcome commit() {
        if (waiting.isEmpty()) {
            return DONE;
        }
        destination.begin(UUID.randomUUID().toString());
        ExportOutcome outcome = destination.export(waiting);
        if (!(outcome instanceof ExportOutcome.Unknown)) {
            outcome = destination.flush();
        }
        if (!(outcome instanceof ExportOutcome.Unknown)) {
            waiting = new ArrayList<>();
            bytes = 0;
        }
        return outcome;
    }

    /** Users come and go. */
    @Override
    public void close() {
        // See end.
    }

    /** Closes the destination. */
    public synchronized void end() {
        destination.close();
    }
}
