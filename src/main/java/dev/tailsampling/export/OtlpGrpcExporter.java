package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Sends traces as OTLP over gRPC, compressed, in requests of bounded size. Spans arrive at least once: a request whose
 * answer was lost is sent again.
 *
 * <p>Tried again, as the OTLP specification says: CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE,
 * DATA_LOSS, and RESOURCE_EXHAUSTED if the answer has a {@code RetryInfo}; after the pause that it asks for, if it does.
 * Cut in half: a message that the server calls too large. Refused for good: INVALID_ARGUMENT and ALREADY_EXISTS. All
 * others are unknown at once: the specification allows no retry, yet an operator can mend what is wrong.
 *
 * <p>Thread-safe if the random generator, the pause and the clock are.
 */
public final class OtlpGrpcExporter implements TraceExporter {

    private final RequestDelivery<OtlpRequest> delivery;
    private final int maxRequestBytes;

    /**
     * Connects to nothing yet.
     *
     * @param random spreads the pauses between attempts
     * @param pause waits between attempts
     * @param clock measures the time spent on attempts
     */
    public OtlpGrpcExporter(OtlpGrpcSettings settings, RandomGenerator random, Pause pause, InstantSource clock) {
        this(settings, OtlpGrpcEndpoint.open(settings), random, pause, clock);
    }

    OtlpGrpcExporter(OtlpGrpcSettings settings, OtlpGrpcEndpoint endpoint, RandomGenerator random, Pause pause,
            InstantSource clock) {
        this.delivery = new RequestDelivery<>(endpoint, settings.retry(), random, pause, clock);
        this.maxRequestBytes = settings.maxRequestBytes();
    }

    @Override
    public String name() {
        return "otlp_grpc";
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
