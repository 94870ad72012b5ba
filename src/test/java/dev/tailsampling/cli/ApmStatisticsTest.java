package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tailsampling.config.ConfigLoader;
import dev.tailsampling.config.DatadogConfig;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.RequestBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApmStatisticsTest {

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile Instant now = Instant.parse("2026-01-01T12:00:00Z");

    private HttpServer server(ExecutorService threads) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            begun.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.sendResponseHeaders(202, -1);
            answered.incrementAndGet();
            exchange.close();
        });
        server.start();
        return server;
    }

    private static DatadogConfig config(int port) {
        return new ConfigLoader(Map.of()).parse("datadog: {api_key: 0123456789abcdef0123456789abcdef, apm_stats: true, "
                + "stats_endpoint: \"http://localhost:" + port + "/stats\"}", "c.yaml").datadog();
    }

    private void observe(ApmStatistics statistics) {
        long end = TimeUnit.MILLISECONDS.toNanos(now.toEpochMilli());
        byte[] otlp = new RequestBuilder().beginResource().beginScope("s", "").beginSpan(1, 2, 0).name("a")
                .times(end - 1_000, end).take();
        new OtlpSpans().forEach(otlp, 0, otlp.length, statistics.observer()::observe);
    }

    @Test
    void closingWaitsForWhatIsBeingSentAndSendsTheRest() throws IOException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpServer server = server(threads);
            ApmStatistics statistics =
                    ApmStatistics.start(config(server.getAddress().getPort()), () -> now, Duration.ofMillis(20))
                            .orElseThrow();
            observe(statistics);
            now = now.plusSeconds(60);
            await().until(() -> begun.get() == 1);
            observe(statistics);

            CompletableFuture<Void> closed = CompletableFuture.runAsync(statistics::close, threads);
            await().during(Duration.ofMillis(200)).until(() -> begun.get() == 1 && !closed.isDone());
            gate.countDown();
            closed.join();

            assertThat(answered).hasValue(2);
            server.stop(0);
        }
    }
}
