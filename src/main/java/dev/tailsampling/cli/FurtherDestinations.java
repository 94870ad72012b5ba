package dev.tailsampling.cli;

import dev.tailsampling.cli.DestinationPlan.Guard;
import dev.tailsampling.cli.DestinationPlan.Sharing;
import dev.tailsampling.config.DatadogConfig;
import dev.tailsampling.config.ExportConfig;
import dev.tailsampling.config.IcebergExport;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.export.Compression;
import dev.tailsampling.export.DatadogAgentExporter;
import dev.tailsampling.export.DatadogExporter;
import dev.tailsampling.export.DatadogSettings;
import dev.tailsampling.export.OtlpHttpExporter;
import dev.tailsampling.export.OtlpHttpSettings;
import dev.tailsampling.export.Pause;
import dev.tailsampling.lake.LakeCatalog;
import dev.tailsampling.lake.SampledSpansTable;
import dev.tailsampling.selector.TraceExporter;
import dev.tailsampling.stream.KafkaSettings;
import dev.tailsampling.stream.KafkaTraceExporter;
import dev.tailsampling.trace.SanitizedQuery;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Destinations besides files and OTLP: Datadog, a topic, a table. */
final class FurtherDestinations {

    private FurtherDestinations() {}

    /**
     * Those that are configured, but for the table.
     *
     * @throws UsageException if one of them cannot be used
     */
    static List<DestinationPlan> of(SelectorConfig config, InstantSource clock) {
        List<DestinationPlan> plans = new ArrayList<>();
        try {
            datadog(config.datadog(), clock).ifPresent(plans::add);
            agent(config.datadog(), clock).ifPresent(plans::add);
        } catch (IllegalArgumentException e) {
            throw new UsageException("Datadog cannot be used: " + e.getMessage());
        }
        topic(config).ifPresent(plans::add);
        return plans;
    }

    private static Optional<DestinationPlan> datadog(DatadogConfig config, InstantSource clock) {
        if (config.apiKey() == null) {
            return Optional.empty();
        }
        String endpoint = config.traceEndpoint();
        URI intake = endpoint == null
                ? DatadogSettings.intakeOf(URI.create(config.apiEndpoint()))
                : URI.create(endpoint);
        DatadogSettings settings = new DatadogSettings(intake, config.apiKey().value(),
                Objects.requireNonNullElse(config.hostname(), ""), Objects.requireNonNullElse(config.env(), ""),
                queryText(config), config.batchEnabled() ? config.batchSize() : 1,
                DatadogSettings.DEFAULT_MAX_REQUEST_BYTES, config.requestTimeout(), Compression.GZIP,
                DatadogSettings.retries(config.maxRetries(), config.retryInitialDelay()));
        return Optional.of(new DestinationPlan("datadog", intake.getScheme() + "://" + intake.getAuthority(),
                () -> DatadogExporter.of(settings, new Random(), Pause.SLEEP, clock), Sharing.AT_ONCE,
                Guard.BREAKER));
    }

    static UnaryOperator<String> queryText(DatadogConfig config) {
        return config.obfuscateSql() ? SanitizedQuery::of : UnaryOperator.identity();
    }

    private static Optional<DestinationPlan> agent(DatadogConfig config, InstantSource clock) {
        String endpoint = config.agentOtlpEndpoint();
        if (endpoint == null) {
            return Optional.empty();
        }
        OtlpHttpSettings settings = OtlpHttpSettings.of(URI.create(endpoint));
        return Optional.of(new DestinationPlan("datadog_agent", endpoint,
                () -> new DatadogAgentExporter(new OtlpHttpExporter(settings, new Random(), Pause.SLEEP, clock)),
                Sharing.AT_ONCE, Guard.BREAKER));
    }

    private static Optional<DestinationPlan> topic(SelectorConfig config) {
        ExportConfig.KafkaExport export = config.export().kafka();
        String topic = export.topic();
        if (topic == null) {
            return Optional.empty();
        }
        KafkaSettings input = TopicPlan.settings(config.kafka());
        Map<String, String> properties = new HashMap<>(input.properties());
        properties.putAll(export.properties());
        KafkaSettings settings = new KafkaSettings(Objects.requireNonNullElse(export.brokers(), input.brokers()),
                input.sasl(), input.tls(), input.group(), properties);
        return Optional.of(new DestinationPlan("kafka", "topic " + topic + " at " + settings.brokers(),
                () -> new KafkaTraceExporter(settings, topic), Sharing.AT_ONCE, Guard.BREAKER));
    }

    /** The table for kept spans; empty if none is configured. */
    static Optional<SampledSpansTable> table(SelectorConfig config, LakeCatalog catalog) {
        IcebergExport export = config.export().iceberg();
        return Optional.ofNullable(export.table()).map(name -> new SampledSpansTable(catalog,
                config.storage().iceberg().namespace(), name, export.targetFileBytes()));
    }

    /** Whoever takes its groups as they come: a cycle is one. */
    static Optional<DestinationPlan> tablePlan(SelectorConfig config, LakeCatalog catalog) {
        return table(config, catalog).map(table -> tablePlan(table.table(), () -> table));
    }

    static DestinationPlan tablePlan(String name, Supplier<TraceExporter> opener) {
        return new DestinationPlan("iceberg", "table " + name, opener, Sharing.NOBODY, Guard.NONE);
    }
}
