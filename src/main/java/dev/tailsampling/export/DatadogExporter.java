package dev.tailsampling.export;

import dev.tailsampling.datadog.PayloadSettings;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Sends traces to Datadog's trace intake as an Agent does: payloads of protobuf, compressed, of bounded size. Spans arrive
 * at least once: a request whose answer was lost is sent again.
 *
 * <p>Tried again: no connection, no answer in time, 408, 429 and 5xx, after the pause that the intake asks for, if it
 * does. Cut in half: 413. Everything else but 2xx is refused for good, unless an operator can mend it (401, 403, 404, 407,
 * 415: a wrong key or address), which is unknown. Spans go by resource, not in the order of the batch.
 *
 * <p>Thread-safe if the random generator, the pause and the clock are.
 */
public final class DatadogExporter implements TraceExporter {

    private final PayloadSettings payloads;
    private final RequestDelivery<DatadogRequest> delivery;

    private DatadogExporter(PayloadSettings payloads, RequestDelivery<DatadogRequest> delivery) {
        this.payloads = payloads;
        this.delivery = delivery;
    }

    /**
     * An exporter that connects to nothing yet.
     *
     * @param random spreads the pauses between attempts
     * @param pause waits between attempts
     * @param clock measures the time spent on attempts, and what is left until a date in {@code Retry-After}
     */
    public static DatadogExporter of(DatadogSettings settings, RandomGenerator random, Pause pause,
            InstantSource clock) {
        PayloadSettings payloads = new PayloadSettings(settings.hostname(), settings.env(), settings.queryText(),
                settings.maxTraces(), settings.maxRequestBytes());
        return new DatadogExporter(payloads,
                new RequestDelivery<>(new DatadogIntake<DatadogRequest>(settings.target(), clock),
                        settings.retry(), random, pause, clock));
    }

    @Override
    public String name() {
        return "datadog";
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        RequestTally tally = new RequestTally();
        return delivery.deliver(new DatadogRequests(batch, payloads, tally), tally);
    }

    /** Nothing to do: what was taken is in Datadog's hands. */
    @Override
    public ExportOutcome flush() {
        return new ExportOutcome.Exported(0, "");
    }

    @Override
    public void close() {
        delivery.endpoint().close();
    }
}
