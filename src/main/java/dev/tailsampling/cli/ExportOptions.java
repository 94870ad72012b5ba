package dev.tailsampling.cli;

import dev.tailsampling.config.ExportConfig;
import dev.tailsampling.export.BreakerExporter;
import dev.tailsampling.export.DestinationBreaker;
import dev.tailsampling.export.ExclusiveExporter;
import dev.tailsampling.export.FileExporter;
import dev.tailsampling.export.MultiExporter;
import dev.tailsampling.export.OtlpHttpExporter;
import dev.tailsampling.export.OtlpHttpSettings;
import dev.tailsampling.export.RetryPolicy;
import dev.tailsampling.selector.TraceExporter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where kept traces go: the options, else the configuration, else a file under the home folder. */
final class ExportOptions {

    private static final String STANDARD_OUTPUT = "-";

    @Option(names = "--export-file", paramLabel = "FILE", description = {
            "Appends kept traces to this file as OTLP JSON lines; \"-\" is standard output.",
            "By default export.file.path, else export/NS.NAME.otlp.jsonl under the home folder."})
    private @Nullable String file;

    @Option(names = "--export-otlp", paramLabel = "URL",
            description = "Sends kept traces to this OTLP/HTTP endpoint; by default export.otlp_http.endpoint.")
    private @Nullable String endpoint;

    /** Several tables may share one file. */
    private final ReentrantLock fileLock = new ReentrantLock();

    private final DestinationBreaker otlpBreaker = new DestinationBreaker();

    /** An exporter with the words for where it sends to. */
    record Destination(TraceExporter exporter, String description) {}

    /** Where a report may go while traces are exported. */
    Console reportTo(Console console) {
        return STANDARD_OUTPUT.equals(file) ? console.withoutStandardOutput() : console;
    }

    /** Why the last batch to a server may not have arrived; empty if it did. */
    Optional<String> problem() {
        return otlpBreaker.problem();
    }

    Destination open(ExportConfig config, Path defaultFile, InstantSource clock) {
        List<TraceExporter> exporters = new ArrayList<>();
        List<String> places = new ArrayList<>();
        String url = endpoint != null ? endpoint : config.otlpHttp().endpoint();
        if (url != null) {
            exporters.add(new BreakerExporter(otlp(url, config.otlpHttp(), clock), otlpBreaker));
            places.add(url);
        }
        String path = path(config, url, defaultFile);
        if (path != null) {
            exporters.add(new ExclusiveExporter(
                    path.equals(STANDARD_OUTPUT) ? new FileExporter(System.out) : new FileExporter(Path.of(path)),
                    fileLock));
            places.add(path.equals(STANDARD_OUTPUT) ? "standard output" : path);
        }
        TraceExporter exporter = exporters.size() == 1 ? exporters.getFirst() : new MultiExporter(exporters);
        return new Destination(exporter, String.join(" and ", places));
    }

    private @Nullable String path(ExportConfig config, @Nullable String url, Path defaultFile) {
        if (file != null) {
            return file;
        }
        Path configured = config.file().path();
        if (configured != null) {
            return configured.toString();
        }
        return url == null ? defaultFile.toString() : null;
    }

    private static TraceExporter otlp(String url, ExportConfig.OtlpHttp config, InstantSource clock) {
        Map<String, String> headers = new LinkedHashMap<>();
        config.headers().forEach((name, value) -> headers.put(name, value.value()));
        try {
            OtlpHttpSettings settings = new OtlpHttpSettings(new URI(url), headers, config.timeout(),
                    config.maxBatchBytes(), retries(config.maxAttempts()));
            return new OtlpHttpExporter(settings, new SplittableRandom(), Thread::sleep, clock);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new UsageException("the OTLP/HTTP endpoint cannot be used: " + e.getMessage());
        }
    }

    private static RetryPolicy retries(int maxAttempts) {
        RetryPolicy standard = RetryPolicy.DEFAULT;
        return new RetryPolicy(maxAttempts, standard.firstBackoff(), standard.maxBackoff(), standard.maxRetryAfter(),
                standard.maxElapsed());
    }
}
