package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.List;
import java.util.Random;

/** Lets a third of the batches not arrive. Thread-safe if the exporter is. */
class FaultyExporter implements TraceExporter {

    private final TraceExporter exporter;
    private final Random random;

    FaultyExporter(TraceExporter exporter, Random random) {
        this.exporter = exporter;
        this.random = random;
    }

    @Override
    public String name() {
        return exporter.name();
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        return random.nextInt(3) == 0 ? new ExportOutcome.Unknown("lost") : exporter.export(batch);
    }

    @Override
    public ExportOutcome flush() {
        return exporter.flush();
    }

    @Override
    public void close() {
        exporter.close();
    }
}
