package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the groups of many users for a destination that takes spans in large groups, such as a table, until those who
 * decided are about to record their decisions: {@link #commit} comes first, and without it nothing is recorded. If the
 * process dies between them, the traces are decided and come again. Thread-safe; what {@link #use} gives away is for one
 * thread at a time.
 *
 * <p>A large group has one name until the destination has taken it, so one that can tell by the name that it has it
 * already does not take it twice when the outcome of an attempt was unknown.
 */
public final class CommitGroupExporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommitGroupExporter.class);
    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");

    private final TraceExporter destination;
    private final long maxBytes;
    /** Held while the destination is used; never waited for by one who holds {@link #lists}. */
    private final Object committing = new Object();
    private final Object lists = new Object();
    /** What has ended since the last commit began. */
    private Part waiting = new Part();
    /** What the destination is given until it has it. */
    private Part inFlight = new Part();

    /** Spans that stay together. */
    private static final class Part {

        private final String name = UUID.randomUUID().toString();
        private final List<SampledTrace> traces = new ArrayList<>();
        private long bytes;

        void add(List<SampledTrace> more) {
            traces.addAll(more);
            more.forEach(trace -> bytes += trace.otlp().length);
        }
    }

    /**
     * Nothing waits yet.
     *
     * @param destination for one thread at a time; closed with this
     * @param maxBytes with more bytes of spans waiting, whoever exports commits them first; of a group that is larger
     *     itself, a part waits before its end and arrives twice if the group comes again
     */
    public CommitGroupExporter(TraceExporter destination, long maxBytes) {
        this.destination = destination;
        this.maxBytes = maxBytes;
    }

    /** For one more user, whose groups wait together with those of the others from their flush on. */
    public TraceExporter use() {
        return new Use();
    }

    /**
     * Gives the destination all that waits. If an outcome is unknown, what it was about is given again under the same name
     * next time.
     */
    public ExportOutcome commit() {
        synchronized (committing) {
            ExportOutcome earlier = deliver();
            if (earlier instanceof ExportOutcome.Unknown) {
                return earlier;
            }
            synchronized (lists) {
                inFlight = waiting;
                waiting = new Part();
            }
            return deliver();
        }
    }

    private ExportOutcome deliver() {
        Part part = inFlight;
        if (part.traces.isEmpty()) {
            return DONE;
        }
        destination.begin(part.name);
        ExportOutcome outcome = destination.export(part.traces);
        if (!(outcome instanceof ExportOutcome.Unknown)) {
            outcome = destination.flush();
        }
        if (outcome instanceof ExportOutcome.Refused refused) {
            LOG.error("{} kept traces are lost, {} does not take them: {}", part.traces.size(), destination.name(),
                    refused.reason());
        }
        if (!(outcome instanceof ExportOutcome.Unknown)) {
            synchronized (lists) {
                inFlight = new Part();
            }
        }
        return outcome;
    }

    private void add(Part part) {
        synchronized (lists) {
            waiting.add(part.traces);
        }
    }

    /** Makes room if there is none. */
    private ExportOutcome ready() {
        return isFull() ? commit() : DONE;
    }

    private boolean isFull() {
        synchronized (lists) {
            return waiting.bytes + inFlight.bytes > maxBytes;
        }
    }

    /** Closes the destination; what waits is not given to it. */
    @Override
    public void close() {
        synchronized (committing) {
            destination.close();
        }
    }

    /** What one user has: the part of its group that has not ended. */
    private final class Use implements TraceExporter {

        private Part part = new Part();

        @Override
        public String name() {
            return destination.name();
        }

        @Override
        public void begin(String group) {
            part = new Part();
        }

        @Override
        public ExportOutcome export(List<SampledTrace> batch) {
            if (ready() instanceof ExportOutcome.Unknown unknown) {
                return unknown;
            }
            part.add(batch);
            if (part.bytes > maxBytes) {
                end();
            }
            return DONE;
        }

        @Override
        public ExportOutcome flush() {
            if (ready() instanceof ExportOutcome.Unknown unknown) {
                return unknown;
            }
            end();
            return DONE;
        }

        private void end() {
            add(part);
            part = new Part();
        }

        @Override
        public void close() {
            part = new Part();
        }
    }
}
