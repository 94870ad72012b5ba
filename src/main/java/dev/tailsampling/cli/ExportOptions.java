package dev.tailsampling.cli;

import dev.tailsampling.cli.DestinationPlan.Guard;
import dev.tailsampling.cli.DestinationPlan.Sharing;
import dev.tailsampling.config.ExportConfig;
import dev.tailsampling.export.FileExporter;
import dev.tailsampling.export.MultiExporter;
import dev.tailsampling.export.TraceRoutes;
import dev.tailsampling.selector.DestinationObserver;
import dev.tailsampling.selector.TraceExporter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where kept traces go: the options, else the configuration, else a file under the home folder. All that are open at the
 * same time share their connections, their queues and what is known of the destinations. Thread-safe.
 */
final class ExportOptions {

    private static final String STANDARD_OUTPUT = "-";

    @Option(names = "--export-file", paramLabel = "FILE", description = {
            "Appends kept traces to this file as OTLP JSON lines; \"-\" is standard output.",
            "By default export.file.path, else export/NS.NAME.otlp.jsonl under the home folder."})
    private @Nullable String file;

    @Option(names = "--export-otlp", paramLabel = "URL",
            description = "Sends kept traces to this OTLP/HTTP endpoint; by default export.otlp_http.endpoint.")
    private @Nullable String httpEndpoint;

    @Option(names = "--export-otlp-grpc", paramLabel = "URL",
            description = "Sends kept traces to this OTLP/gRPC endpoint; by default export.otlp_grpc.endpoint.")
    private @Nullable String grpcEndpoint;

    private final Destinations destinations = new Destinations();

    /** An exporter with the words for where it sends to. */
    record Destination(TraceExporter exporter, String description) {}

    /** Where a report may go while traces are exported. */
    Console reportTo(Console console) {
        return STANDARD_OUTPUT.equals(file) ? console.withoutStandardOutput() : console;
    }

    /** Why the last batch to a server may not have arrived; empty if it did. */
    Optional<String> problem() {
        return destinations.problem();
    }

    /** Tells of each destination what comes of it, from the next that is opened on. */
    void watchedBy(DestinationObserver observer) {
        destinations.watchedBy(observer);
    }

    /** The destinations of the section {@code export}, and no others. */
    Destination open(ExportConfig config, Path defaultFile, InstantSource clock) {
        return open(config, defaultFile, clock, List.of());
    }

    /**
     * All destinations.
     *
     * @param defaultFile where traces go if they go nowhere else
     * @param others destinations besides those of the section {@code export}
     * @throws UsageException if one of them, or a route, cannot be used
     */
    Destination open(ExportConfig config, Path defaultFile, InstantSource clock, List<DestinationPlan> others) {
        List<DestinationPlan> plans = new ArrayList<>(others);
        String http = httpEndpoint == null ? config.otlpHttp().endpoint() : httpEndpoint;
        if (http != null) {
            plans.add(OtlpDestinations.http(http, config.otlpHttp(), clock));
        }
        String grpc = grpcEndpoint == null ? config.otlpGrpc().endpoint() : grpcEndpoint;
        if (grpc != null) {
            plans.add(OtlpDestinations.grpc(grpc, config.otlpGrpc(), clock));
        }
        file(config, plans.isEmpty() ? defaultFile : null).ifPresent(plans::add);
        return open(plans, config, clock);
    }

    private Destination open(List<DestinationPlan> plans, ExportConfig config, InstantSource clock) {
        TraceRoutes routes = ExportRoutes.of(config, plans.stream().map(DestinationPlan::name).toList());
        OpenedParts opened = new OpenedParts();
        try {
            List<TraceExporter> exporters = new ArrayList<>();
            for (DestinationPlan plan : plans) {
                TraceExporter exporter = destinations.open(plan, config.queueBytes(), clock);
                opened.add(exporter::close);
                exporters.add(exporter);
            }
            return new Destination(
                    exporters.size() == 1 ? exporters.getFirst() : new MultiExporter(exporters, routes),
                    String.join(" and ", plans.stream().map(DestinationPlan::place).toList()));
        } catch (RuntimeException | Error e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    private Optional<DestinationPlan> file(ExportConfig config, @Nullable Path otherwise) {
        if (STANDARD_OUTPUT.equals(file)) {
            return Optional.of(file("standard output", () -> new FileExporter(System.out)));
        }
        Path configured = config.file().path() == null ? otherwise : config.file().path();
        Path path = file == null ? configured : Path.of(file);
        return path == null
                ? Optional.empty()
                : Optional.of(file(path.toString(), () -> new FileExporter(path)));
    }

    private static DestinationPlan file(String place, Supplier<TraceExporter> opener) {
        return new DestinationPlan("file", place, opener, Sharing.IN_TURN, Guard.NONE);
    }
}
