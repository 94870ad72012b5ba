package dev.tailsampling.export;

import dev.tailsampling.datadog.ApmBucket;
import dev.tailsampling.datadog.ApmPayload;
import dev.tailsampling.selector.ExportOutcome;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Sends APM stats to Datadog as an Agent does: MessagePack, compressed with gzip, to {@code /api/v0.2/stats}. What is
 * tried again, and what is refused for good, is as in {@link DatadogExporter}; as with an Agent, a request whose answer was
 * lost may be counted twice. Stats whose outcome is unknown after all attempts are better given up than sent once more.
 *
 * <p>Thread-safe if the random generator, the pause and the clock are.
 */
public final class ApmStatsSender implements AutoCloseable {

    private final ApmStatsSettings settings;
    private final RequestDelivery<ApmStatsRequest> delivery;

    /**
     * Connects to nothing yet.
     *
     * @param random spreads the pauses between attempts
     * @param pause waits between attempts
     * @param clock measures the time spent on attempts, and what is left until a date in {@code Retry-After}
     */
    public ApmStatsSender(ApmStatsSettings settings, RandomGenerator random, Pause pause, InstantSource clock) {
        this.settings = settings;
        this.delivery =
                new RequestDelivery<>(new DatadogIntake<ApmStatsRequest>(settings.target(), clock), settings.retry(),
                        random, pause,
                        clock);
    }

    /**
     * Sends closed stats and waits for the answers.
     *
     * @return what came of them; its numbers are the spans that were counted
     */
    public ExportOutcome send(List<ApmBucket> closed) {
        return delivery.deliver(ApmPayload.of(closed, settings.hostname(), settings.env()).stream()
                .map(ApmStatsRequest::new).iterator());
    }

    @Override
    public void close() {
        delivery.endpoint().close();
    }
}
