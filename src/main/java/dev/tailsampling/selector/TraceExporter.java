package dev.tailsampling.selector;

import java.util.List;

/** A destination for kept traces. Exporters never decide. Not thread-safe unless said otherwise. */
public interface TraceExporter extends AutoCloseable {

    /** Short name for reports: "file", "otlp_http". */
    String name();

    /**
     * Sends one batch, with the retries that fit the destination, and waits for the outcome. Throws nothing but
     * programming errors: what goes wrong is an outcome.
     */
    ExportOutcome export(List<SampledTrace> batch);

    /** Makes what was sent durable, where that is in this process's hands. */
    ExportOutcome flush();

    @Override
    void close();
}
