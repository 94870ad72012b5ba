package dev.tailsampling.selector;

import java.util.List;

/** A destination for kept traces. Exporters never decide. Not thread-safe unless said otherwise. */
public interface TraceExporter extends AutoCloseable {

    /** Short name for reports: "file", "otlp_http". */
    String name();

    /**
     * What follows, up to the next {@link #flush}, belongs together: the same spans come again under the same name if the
     * outcome was not known. Destinations that can tell by the name that they have them already need not take them twice.
     *
     * @param group unique among all groups of all sources
     */
    default void begin(String group) {
        // Most destinations take spans one by one.
    }

    /**
     * Whether the rest of a group is of use to some destination although an outcome in it was unknown: asked after such an
     * outcome. If it is not, the group ends here, without a {@link #flush}.
     */
    default boolean wantsMore() {
        return false;
    }

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
