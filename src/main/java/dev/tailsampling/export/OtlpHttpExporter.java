package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Sends traces as OTLP protobuf over HTTP, compressed, in requests of bounded size. Spans arrive at least once: a
 * request whose answer was lost is sent again.
 *
 * <p>Tried again: no connection, no answer in time, 408, 429, 502, 503 and 504. Cut in half: 413. Other 5xx are unknown
 * at once: the specification allows no retry, yet the spans may be lost. Everything else but 2xx is refused for good,
 * unless an operator can mend it (401, 403, 404, 407, 415), which is unknown.
 *
 * <p>Thread-safe if the random generator, the pause and the clock are.
 */
public final class OtlpHttpExporter implements TraceExporter {

    private final RequestDelivery<OtlpRequest> delivery;
    private final int maxRequestBytes;

    /**
     * Connects to nothing yet.
     *
     * @param random spreads the pauses between attempts
     * @param pause waits between attempts
     * @param clock measures the time spent on attempts, and what is left until a date in {@code Retry-After}
     */
    public OtlpHttpExporter(OtlpHttpSettings settings, RandomGenerator random, Pause pause, InstantSource clock) {
        this.delivery =
                new RequestDelivery<>(new OtlpHttpEndpoint(settings, clock), settings.retry(), random, pause, clock);
        this.maxRequestBytes = settings.maxRequestBytes();
    }

    @Override
    public String name() {
        return "otlp_http";
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        return delivery.deliver(OtlpRequest.cut(batch, maxRequestBytes).iterator());
    }

    /** Nothing to do: what was taken is in the destination's hands. */
    @Override
    public ExportOutcome flush() {
        return new ExportOutcome.Exported(0, "");
    }

    @Override
    public void close() {
        delivery.endpoint().close();
    }
}
