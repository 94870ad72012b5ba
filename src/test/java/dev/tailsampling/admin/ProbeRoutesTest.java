package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.admin.HealthComponent.Weight;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Health and metrics over HTTP. */
class ProbeRoutesTest {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(T0);
    private final AtomicReference<Optional<String>> catalog = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<String>> redis = new AtomicReference<>(Optional.empty());
    private final AtomicLong nanoTime = new AtomicLong();
    private final Health health = new Health(List.of(
            new HealthComponent("catalog", Weight.CRITICAL, catalog::get),
            new HealthComponent("redis", Weight.MINOR, redis::get)), now::get, Duration.ofMinutes(1), Duration.ZERO);
    private final Liveness liveness = new Liveness(Duration.ofMinutes(10), nanoTime::get);
    private final ServiceMetrics metrics = new ServiceMetrics("1.2.3", now::get);
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebServer server = WebServer.builder().host("127.0.0.1").port(0).shutdownHook(false)
            .routing(routing -> routing
                    .register(new HealthRoutes(health, liveness, new HealthRoutes.Process("1.2.3", "tss-0", T0),
                            now::get))
                    .register(new MetricsRoutes(metrics)))
            .build().start();

    @AfterEach
    void stop() {
        client.close();
        server.stop();
        metrics.close();
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void assertAnswer(String path, int status, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", path);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
        HttpResponse<String> head = send("HEAD", path);
        assertThat(head.statusCode()).isEqualTo(status);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-type")).contains("application/json");
    }

    @Test
    void healthTellsOfEachComponent() throws Exception {
        now.set(T0.plusSeconds(90));
        assertAnswer("/health", 200, """
                {"status":"UP","components":{"catalog":{"status":"UP","since":"2026-01-01T00:01:30Z"},\
                "redis":{"status":"UP","since":"2026-01-01T00:01:30Z"}},\
                "version":"1.2.3","instance":"tss-0","uptime_secs":90}""");

        now.set(T0.plusSeconds(100));
        redis.set(Optional.of("connection \"refused\""));
        assertAnswer("/health", 200, """
                {"status":"DEGRADED","components":{"catalog":{"status":"UP","since":"2026-01-01T00:01:30Z"},\
                "redis":{"status":"DOWN","detail":"connection \\"refused\\"","since":"2026-01-01T00:01:40Z"}},\
                "version":"1.2.3","instance":"tss-0","uptime_secs":100}""");

        catalog.set(Optional.of("401"));
        assertThat(send("GET", "/health").statusCode()).isEqualTo(503);
        assertThat(send("GET", "/health").body()).startsWith("{\"status\":\"DOWN\",");
    }

    @Test
    void readyBetweenStartAndStop() throws Exception {
        assertAnswer("/health/ready", 503, "{\"status\":\"DOWN\",\"detail\":\"the service is starting\"}");
        health.started();
        assertAnswer("/health/ready", 200, "{\"status\":\"UP\"}");
        redis.set(Optional.of("away"));
        assertAnswer("/health/ready", 200, "{\"status\":\"UP\"}");
        catalog.set(Optional.of("away"));
        assertAnswer("/health/ready", 503, "{\"status\":\"DOWN\",\"detail\":\"catalog is down: away\"}");
        health.draining();
        assertAnswer("/health/ready", 503, "{\"status\":\"DOWN\",\"detail\":\"the service is stopping\"}");
    }

    @Test
    void liveAsLongAsCyclesMakeProgress() throws Exception {
        liveness.beat("otel.traces");
        catalog.set(Optional.of("away"));
        assertAnswer("/health/live", 200, "{\"status\":\"UP\"}");
        nanoTime.addAndGet(Duration.ofMinutes(11).toNanos());
        assertAnswer("/health/live", 503,
                "{\"status\":\"DOWN\",\"detail\":\"nothing was heard of the cycle of otel.traces for 660 s\"}");
    }

    @Test
    void metricsAreForPrometheus() throws Exception {
        metrics.accept("otel.traces", new CycleReport(Map.of(CycleMetric.SPANS_READ, 3L)));

        HttpResponse<String> text = send("GET", "/metrics");
        assertThat(text.statusCode()).isEqualTo(200);
        assertThat(text.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(text.headers().firstValue("cache-control")).contains("no-store");
        assertThat(text.body().lines()).contains("spans_ingested_total{table=\"otel.traces\"} 3.0");

        HttpResponse<String> open = send("GET", "/metrics", "Accept",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1");
        assertThat(open.headers().firstValue("content-type"))
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(open.body()).endsWith("# EOF\n");

        HttpResponse<String> head = send("HEAD", "/metrics");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void nothingElseIsAllowed() throws Exception {
        assertThat(send("POST", "/metrics").statusCode()).isIn(404, 405);
        assertThat(send("DELETE", "/health").statusCode()).isIn(404, 405);
    }
}
