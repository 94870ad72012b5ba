package dev.tailsampling.cli;

import dev.tailsampling.cli.DestinationPlan.Guard;
import dev.tailsampling.cli.DestinationPlan.Sharing;
import dev.tailsampling.config.ExportConfig;
import dev.tailsampling.config.Secret;
import dev.tailsampling.export.Compression;
import dev.tailsampling.export.OtlpGrpcExporter;
import dev.tailsampling.export.OtlpGrpcSettings;
import dev.tailsampling.export.OtlpHttpExporter;
import dev.tailsampling.export.OtlpHttpSettings;
import dev.tailsampling.export.Pause;
import dev.tailsampling.export.RetryPolicy;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Servers that take OTLP. */
final class OtlpDestinations {

    private OtlpDestinations() {}

    static DestinationPlan http(String url, ExportConfig.OtlpHttp config, InstantSource clock) {
        try {
            OtlpHttpSettings settings = new OtlpHttpSettings(new URI(url), headers(config.headers()),
                    config.timeout(), config.maxBatchBytes(), compression(config.compression()),
                    retries(config.maxAttempts()));
            // A Random, unlike most generators, may be shared by threads.
            return new DestinationPlan("otlp_http", url,
                    () -> new OtlpHttpExporter(settings, new Random(), Pause.SLEEP, clock), Sharing.AT_ONCE,
                    Guard.BREAKER);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new UsageException("the OTLP/HTTP endpoint cannot be used: " + e.getMessage());
        }
    }

    static DestinationPlan grpc(String url, ExportConfig.OtlpGrpc config, InstantSource clock) {
        try {
            OtlpGrpcSettings settings = new OtlpGrpcSettings(new URI(url), headers(config.headers()),
                    config.timeout(), config.maxBatchBytes(), compression(config.compression()),
                    retries(config.maxAttempts()));
            return new DestinationPlan("otlp_grpc", url,
                    () -> new OtlpGrpcExporter(settings, new Random(), Pause.SLEEP, clock), Sharing.AT_ONCE,
                    Guard.BREAKER);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new UsageException("the OTLP/gRPC endpoint cannot be used: " + e.getMessage());
        }
    }

    private static Map<String, String> headers(Map<String, Secret> configured) {
        Map<String, String> headers = new LinkedHashMap<>();
        configured.forEach((name, value) -> headers.put(name, value.value()));
        return headers;
    }

    private static Compression compression(ExportConfig.Compression configured) {
        return switch (configured) {
            case GZIP -> Compression.GZIP;
            case ZSTD -> Compression.ZSTD;
            case NONE -> Compression.NONE;
        };
    }

    private static RetryPolicy retries(int maxAttempts) {
        RetryPolicy standard = RetryPolicy.DEFAULT;
        return new RetryPolicy(maxAttempts, standard.firstBackoff(), standard.maxBackoff(), standard.maxRetryAfter(),
                standard.maxElapsed());
    }
}
