package dev.tailsampling.admin;

import static dev.tailsampling.admin.CycleSeries.PREFIX;

import dev.tailsampling.selector.DestinationObserver;
import dev.tailsampling.selector.ExportOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** What is counted of destinations; one is shown when it is first heard of. Thread-safe. */
final class DestinationMetrics implements DestinationObserver {

    private static final Duration[] BUCKETS = Stream.of(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000,
            30_000, 60_000, 120_000).map(Duration::ofMillis).toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<String, Series> destinations = new ConcurrentHashMap<>();

    DestinationMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void ended(String destination, Batch batch) {
        series(destination).ended(batch);
    }

    @Override
    public void queued(String destination, long bytes) {
        series(destination).queueBytes.addAndGet(bytes);
    }

    @Override
    public void breaker(String destination, BreakerState state) {
        series(destination).breaker.set(state);
    }

    private Series series(String destination) {
        return destinations.computeIfAbsent(destination, Series::new);
    }

    /** Batches of one outcome. */
    private record Outcomes(Counter spans, Counter bytes, Timer batches) {}

    /** What is shown of one destination. */
    private final class Series {

        private final Tags destination;
        private final Outcomes exported;
        private final Outcomes refused;
        private final Outcomes unknown;
        private final AtomicLong queueBytes = new AtomicLong();
        private final AtomicReference<BreakerState> breaker = new AtomicReference<>(BreakerState.CLOSED);

        Series(String name) {
            destination = Tags.of("destination", name);
            exported = outcomes("exported");
            refused = outcomes("refused");
            unknown = outcomes("unknown");
            Gauge.builder(PREFIX + "export_queue_bytes", queueBytes::get)
                    .description("Bytes of OTLP that wait for the destination or are on their way").tags(destination)
                    .register(registry);
            for (BreakerState each : BreakerState.values()) {
                Gauge.builder(PREFIX + "export_breaker_state", () -> breaker.get() == each ? 1 : 0)
                        .description("1 for the state of the destination's circuit breaker, 0 for the others")
                        .tags(destination.and("state", each.name().toLowerCase(Locale.ROOT))).register(registry);
            }
        }

        private Outcomes outcomes(String outcome) {
            Tags tags = destination.and("outcome", outcome);
            return new Outcomes(
                    Counter.builder(PREFIX + "export_spans")
                            .description("Spans of batches that came to an end; those that are sent again count again")
                            .tags(tags).register(registry),
                    Counter.builder(PREFIX + "export_bytes")
                            .description("Bytes of OTLP in batches that came to an end, before compression").tags(tags)
                            .register(registry),
                    Timer.builder(PREFIX + "export_batch")
                            .description("Time from handing a batch over to its outcome, in seconds").tags(tags)
                            .serviceLevelObjectives(BUCKETS).register(registry));
        }

        /** Of a batch that was taken some spans may be refused all the same. */
        void ended(Batch batch) {
            Outcomes outcomes = switch (batch.outcome()) {
                case ExportOutcome.Exported ignored -> exported;
                case ExportOutcome.Refused ignored -> refused;
                case ExportOutcome.Unknown ignored -> unknown;
            };
            outcomes.batches().record(batch.took());
            outcomes.bytes().increment(batch.bytes());
            outcomes.spans().increment(batch.spans() - batch.refusedSpans());
            refused.spans().increment(batch.refusedSpans());
        }
    }
}
