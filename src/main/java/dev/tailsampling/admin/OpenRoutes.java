package dev.tailsampling.admin;

import dev.tailsampling.config.ObservabilityConfig;
import io.helidon.webserver.http.HttpService;
import java.util.ArrayList;
import java.util.List;

/**
 * What everybody may ask without a token, on both ports.
 *
 * @param services none, health, metrics, or both
 */
public record OpenRoutes(List<HttpService> services) {

    public OpenRoutes {
        services = List.copyOf(services);
    }

    /** Those of the two that the configuration wants. */
    public static OpenRoutes of(ObservabilityConfig config, HealthRoutes health, MetricsRoutes metrics) {
        List<HttpService> wanted = new ArrayList<>();
        if (config.enableHealthCheck()) {
            wanted.add(health);
        }
        if (config.enablePrometheus()) {
            wanted.add(metrics);
        }
        return new OpenRoutes(wanted);
    }
}
