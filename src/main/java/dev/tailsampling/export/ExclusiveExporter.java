package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.List;
import java.util.concurrent.locks.Lock;

/**
 * Lets one exporter of several work at a time: batches of tables that share a file, or standard output, do not mix.
 * Each exporter is still used by one thread.
 */
public final class ExclusiveExporter implements TraceExporter {

    private final TraceExporter exporter;
    private final Lock lock;

    /**
     * Closing this closes the exporter.
     *
     * @param lock held while it works; the others have the same
     */
    public ExclusiveExporter(TraceExporter exporter, Lock lock) {
        this.exporter = exporter;
        this.lock = lock;
    }

    @Override
    public String name() {
        return exporter.name();
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        lock.lock();
        try {
            return exporter.export(batch);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ExportOutcome flush() {
        lock.lock();
        try {
            return exporter.flush();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        exporter.close();
    }
}
