package dev.tailsampling.cli;

import dev.tailsampling.config.DatadogConfig;
import dev.tailsampling.datadog.ApmBucket;
import dev.tailsampling.datadog.ApmSpanKeys;
import dev.tailsampling.datadog.ApmStats;
import dev.tailsampling.export.ApmStatsSender;
import dev.tailsampling.export.ApmStatsSettings;
import dev.tailsampling.export.DatadogSettings;
import dev.tailsampling.export.Pause;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SpanObserver;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends hits, errors and latencies of all spans, kept or not, to Datadog every ten seconds. What cannot be sent is lost
 * and said so in the log: spans are not counted twice. Thread-safe.
 */
final class ApmStatistics implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ApmStatistics.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    /** With what is being sent when this closes. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ApmStats stats;
    private final ApmStatsSender sender;
    private final InstantSource clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("apm-stats").factory());

    private ApmStatistics(ApmStats stats, ApmStatsSender sender, InstantSource clock) {
        this.stats = stats;
        this.sender = sender;
        this.clock = clock;
    }

    /**
     * Begins to send; empty if that is not configured.
     *
     * @throws UsageException if the configuration cannot be used
     */
    static Optional<ApmStatistics> start(DatadogConfig config, InstantSource clock) {
        return start(config, clock, PERIOD);
    }

    static Optional<ApmStatistics> start(DatadogConfig config, InstantSource clock, Duration period) {
        if (!config.apmStats()) {
            return Optional.empty();
        }
        if (config.apiKey() == null) {
            throw new UsageException("datadog.apm_stats needs datadog.api_key");
        }
        String hostname = Objects.requireNonNullElse(config.hostname(), "");
        String env = Objects.requireNonNullElse(config.env(), "");
        try {
            String endpoint = config.statsEndpoint();
            ApmStatsSettings settings = new ApmStatsSettings(
                    endpoint == null
                            ? ApmStatsSettings.intakeOf(URI.create(config.apiEndpoint()))
                            : URI.create(endpoint),
                    config.apiKey().value(), hostname, env, config.requestTimeout(),
                    DatadogSettings.retries(config.maxRetries(), config.retryInitialDelay()));
            ApmStatistics started = new ApmStatistics(
                    new ApmStats(new ApmSpanKeys(hostname, env, FurtherDestinations.queryText(config)),
                            ApmStats.DEFAULT_MAX_GROUPS, clock.millis()),
                    new ApmStatsSender(settings, new Random(), Pause.SLEEP, clock), clock);
            var unused = started.timer.scheduleWithFixedDelay(started::send, period.toMillis(), period.toMillis(),
                    TimeUnit.MILLISECONDS);
            return Optional.of(started);
        } catch (IllegalArgumentException e) {
            throw new UsageException("APM stats cannot be sent: " + e.getMessage());
        }
    }

    /** Looks at every span. Thread-safe. */
    SpanObserver observer() {
        return span -> {
            synchronized (stats) {
                stats.observe(span);
            }
        };
    }

    private void send() {
        try {
            send(stats.take(clock.millis()));
        } catch (RuntimeException e) {
            LOG.error("APM stats of some seconds could not be sent", e);
        }
    }

    private void send(List<ApmBucket> closed) {
        if (!closed.isEmpty()) {
            switch (sender.send(closed)) {
                case ExportOutcome.Exported exported -> LOG.debug("sent APM stats of {} buckets", closed.size());
                case ExportOutcome.Refused refused -> LOG.warn("APM stats were refused: {}", refused.reason());
                case ExportOutcome.Unknown unknown -> LOG.warn("APM stats are lost: {}", unknown.reason());
            }
        }
    }

    /** Sends what is left, after what is being sent. */
    @Override
    public void close() {
        try (ApmStatsSender ending = sender) {
            timer.shutdown();
            awaitSending();
            send(stats.takeAll());
        }
    }

    private void awaitSending() {
        try {
            if (!timer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
