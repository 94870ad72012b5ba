package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One service on the embedded state, from its start to its end, as its operator sees it. */
class ServiceIT {

    private static final String TABLE = "default.otel-traces-raw";
    private static final String SECRET = "s3cr3t-that-nobody-may-see";
    private static final String KEEP_ALL = """
            {"duration_secs": 3600, "action": "force_keep", "description": "everything",
             "match": {"span": [{"key": "span.name", "op": "exists"}]}}""";

    @TempDir
    private Path folder;

    private Path log() {
        return folder.resolve("service.log");
    }

    /** Whole traces in one commit, so that none is decided before it is there. */
    private static void generate(Tss tss, int seed) {
        tss.run("generate", "--traces", "200", "--seed", Integer.toString(seed), "--profile", "small", "--rate", "20",
                "--commit-interval", "100000", "--table", TABLE).ok();
    }

    @Test
    void rulesAndPoliciesTakeEffectWithoutARestart() throws IOException, InterruptedException {
        Tss tss = new Tss(folder);
        try (RunningService service = RunningService.start(folder, log(), Map.of(
                "TSS_EXPORT_OTLP_HTTP_HEADERS", "x-key=" + SECRET, "TSS_STORAGE_ICEBERG_IDLE_AFTER_SECS", "1"),
                "--interval", "1")) {
            service.await("the table is waited for", () -> service.state(TABLE).equals("MISSING"));
            assertThat(service.get("/health").get("components").get("catalog").get("status").asText()).isEqualTo("UP");
            assertThat(service.get("/health/ready").get("status").asText()).isEqualTo("UP");

            String rule = service.ask("POST", "/admin/force-rules", KEEP_ALL).get("id").asText();
            generate(tss, 1);
            service.await("all are kept", () -> service.metric("traces_sampled_total") == 200);
            assertThat(service.metric("tail_sampling_traces_force_sampled_total")).isEqualTo(200);
            assertThat(service.metric("tail_sampling_force_rule_matches_total")).isEqualTo(200);
            assertThat(service.metric("traces_ingested_total")).isEqualTo(200);

            assertThat(service.send("DELETE", "/admin/force-rules/" + rule, "").statusCode()).isEqualTo(204);
            JsonNode activated = service.ask("PUT", "/admin/policies",
                    "policies: [{name: nothing, type: probabilistic, probabilistic: {sampling_percentage: 0}}]");
            service.await("the policies are used",
                    () -> service.get("/admin/scans?limit=1").get("tables").get(0).get("policy_set").asText()
                            .equals(activated.get("version").asText()));
            generate(tss, 2);
            service.await("nothing is kept",
                    () -> service.metric("tail_sampling_traces_completed_total") >= 400);
            assertThat(service.metric("traces_sampled_total")).isEqualTo(200);

            assertExplained(service);
            assertThat(service.stop()).as("exit code after SIGTERM").isIn(0, 143);
            assertThat(service.log()).doesNotContain(SECRET);
        }
        assertThat(tss.run("decisions", "--table", TABLE, "--outcome", "SAMPLED", "--output", "json").ok().lines())
                .hasSize(200);
    }

    private static void assertExplained(RunningService service) throws IOException, InterruptedException {
        String id = service.get("/admin/decisions?outcome=SAMPLED&limit=1").get("decisions").get(0).get("trace_id")
                .asText();
        JsonNode decision = service.get("/admin/decisions/" + id).get("decisions").get(0);
        assertThat(decision.get("reason").asText()).startsWith("kept by force rule ").endsWith(": everything");
        assertThat(decision.get("force_rules")).hasSize(1);
        HttpResponse<String> unknown = service.send("GET", "/admin/decisions/" + "0".repeat(31) + "1", "");
        assertThat(unknown.statusCode()).isEqualTo(404);
    }

    @Test
    void aPortThatIsTakenEndsTheStartWithOneSentence() throws IOException, InterruptedException {
        try (RunningService first = RunningService.start(folder, log(), Map.of())) {
            String port = Integer.toString(first.port());
            Path second = folder.resolve("second.log");
            Process refused = JavaProcess.start(folder.resolve("other"), List.of(),
                    Map.of("TSS_OBSERVABILITY_HEALTH_PORT", port), second, "run");
            assertThat(refused.waitFor()).isEqualTo(ExitCode.FAILED);
            assertThat(second).content().contains("error: cannot listen on 127.0.0.1:" + port)
                    .contains("or change observability.health_port").doesNotContain("\tat ");
        }
    }
}
