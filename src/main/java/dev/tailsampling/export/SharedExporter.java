package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One exporter for several users: opened for the first one, closed when the last one is done. Thread-safe. */
public final class SharedExporter {

    private final Supplier<TraceExporter> opener;
    private @Nullable TraceExporter open;
    private int users;

    /**
     * Opens nothing yet.
     *
     * @param opener of exporters that are thread-safe and to which groups do not matter
     */
    public SharedExporter(Supplier<TraceExporter> opener) {
        this.opener = opener;
    }

    /** The exporter for one more user, who closes it when done. */
    public synchronized TraceExporter use() {
        TraceExporter exporter = open == null ? opener.get() : open;
        open = exporter;
        users++;
        return new Use(exporter);
    }

    private synchronized void leave(TraceExporter exporter) {
        users--;
        if (users == 0) {
            open = null;
            exporter.close();
        }
    }

    /** What one user has. */
    private final class Use implements TraceExporter {

        private final TraceExporter exporter;
        private final AtomicBoolean closed = new AtomicBoolean();

        Use(TraceExporter exporter) {
            this.exporter = exporter;
        }

        @Override
        public String name() {
            return exporter.name();
        }

        @Override
        public ExportOutcome export(List<SampledTrace> batch) {
            return exporter.export(batch);
        }

        @Override
        public ExportOutcome flush() {
            return exporter.flush();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                leave(exporter);
            }
        }
    }
}
