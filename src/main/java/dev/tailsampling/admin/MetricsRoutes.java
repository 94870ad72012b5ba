package dev.tailsampling.admin;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;

/** {@code GET /metrics}: what Prometheus reads, in its text format, or as OpenMetrics if the request prefers that. */
public final class MetricsRoutes implements HttpService {

    private final ServiceMetrics metrics;

    /** Shows these metrics. */
    public MetricsRoutes(ServiceMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/metrics", this::scrape).head("/metrics", this::scrape);
    }

    private void scrape(ServerRequest request, ServerResponse response) {
        boolean openMetrics = request.headers().acceptedTypes().stream()
                .anyMatch(type -> type.mediaType().text().equals("application/openmetrics-text"));
        String contentType = openMetrics ? ServiceMetrics.OPEN_METRICS : ServiceMetrics.TEXT;
        response.header(HeaderNames.CONTENT_TYPE, contentType).header(HeaderNames.CACHE_CONTROL, "no-store")
                .send(metrics.scrape(contentType).getBytes(StandardCharsets.UTF_8));
    }
}
