package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.List;

/** An exporter that does not try a destination which is known to be away; such batches are driven again later. */
public final class BreakerExporter implements TraceExporter {

    private final TraceExporter exporter;
    private final DestinationBreaker breaker;

    /**
     * Closing this closes the exporter.
     *
     * @param breaker of the destination
     */
    public BreakerExporter(TraceExporter exporter, DestinationBreaker breaker) {
        this.exporter = exporter;
        this.breaker = breaker;
    }

    @Override
    public String name() {
        return exporter.name();
    }

    @Override
    public void begin(String group) {
        exporter.begin(group);
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        if (!breaker.lets()) {
            return new ExportOutcome.Unknown("not tried again yet, the destination is away: "
                    + breaker.problem().orElse("another batch is trying it"));
        }
        try {
            return breaker.noted(exporter.export(batch));
        } catch (RuntimeException | Error e) {
            breaker.failed(e);
            throw e;
        }
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
