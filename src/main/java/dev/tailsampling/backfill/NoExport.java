package dev.tailsampling.backfill;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.List;

/** Where kept traces go that go nowhere. */
public final class NoExport implements TraceExporter {

    @Override
    public String name() {
        return "none";
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        throw new IllegalStateException("a backfill that does not export fetches nothing");
    }

    @Override
    public ExportOutcome flush() {
        return new ExportOutcome.Exported(0, "");
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
