package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code tss run} that fails leaves nothing running. */
@Timeout(120)
class ServiceFailureTest {

    @TempDir
    private Path folder;

    private Tss tss;

    @BeforeEach
    void statisticsAreSent() {
        tss = new Tss(folder).with("TSS_DATADOG_API_KEY", "0123456789abcdef0123456789abcdef")
                .with("TSS_DATADOG_APM_STATS", "true").with("TSS_DATADOG_STATS_ENDPOINT", "http://localhost:1/stats")
                .with("TSS_OBSERVABILITY_METRICS_PORT", "0").with("TSS_OBSERVABILITY_HEALTH_PORT", "0");
    }

    private static boolean isRunning(String thread) {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(there -> there.getName().equals(thread));
    }

    @Test
    void whenItsPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            tss.with("TSS_OBSERVABILITY_HEALTH_PORT", String.valueOf(taken.getLocalPort()));
            Tss.Result result = tss.run("run");

            assertThat(result.exitCode()).as(result.err()).isNotZero();
            assertThat(result.err()).contains(String.valueOf(taken.getLocalPort()));
        }
        await().until(() -> !isRunning("apm-stats"));
    }

    @Test
    void whenItsTopicCannotBeRead() {
        Tss.Result result = tss.with("TSS_KAFKA_ENABLED", "true").with("TSS_KAFKA_SASL_MECHANISM", "GSSAPI").run("run");

        assertThat(result.exitCode()).as(result.err()).isNotZero();
        assertThat(result.err()).contains("kafka.sasl_mechanism");
        await().until(() -> !isRunning("apm-stats"));
    }
}
