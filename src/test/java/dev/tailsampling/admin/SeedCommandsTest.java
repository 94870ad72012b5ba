package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The curl commands of the README that this project follows, as they stand there but for port and id. */
class SeedCommandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CREATE = """
            curl -X POST http://localhost:8080/admin/force-rules \\
              -H "Content-Type: application/json" \\
              -d '{
                "description": "Debug Acme Corp latency issues",
                "duration_secs": 3600,
                "priority": 100,
                "match": {
                  "resource": [
                    {"key": "service.namespace", "op": "eq", "value": "acme-corp"}
                  ],
                  "span": [
                    {"key": "http.route", "op": "regex", "value": "/api/v2/.*"}
                  ]
                },
                "action": "force_keep"
              }'""";

    private RunningApi api;

    @BeforeEach
    void start() {
        assertThat(Path.of("/bin/sh")).isExecutable();
        api = new RunningApi(new Access.ThisMachine());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** Runs a command in a shell; its output, and the status at the end. */
    private String run(String command) throws IOException, InterruptedException {
        String line = command.replace("localhost:8080", "localhost:" + api.server.port()).replaceFirst("curl",
                "curl -4 -sS --max-time 20 -w ' %{http_code}'");
        Process process = new ProcessBuilder("/bin/sh", "-c", line).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit code of %s: %s", line, out).isZero();
        return out;
    }

    private JsonNode run(int status, String command) throws IOException, InterruptedException {
        String out = run(command);
        assertThat(out).as(command).endsWith(" " + status);
        return JSON.readTree(out.substring(0, out.length() - 4));
    }

    @Test
    void everyCommandDoesWhatIsWritten() throws IOException, InterruptedException {
        JsonNode created = run(201, CREATE);
        String id = created.get("id").asText();
        assertThat(created.get("match").get("resource").get(0).get("value").asText()).isEqualTo("acme-corp");
        assertThat(created.get("match").get("span").get(0).get("op").asText()).isEqualTo("regex");
        assertThat(created.get("priority").asInt()).isEqualTo(100);
        assertThat(created.get("enabled").asBoolean()).isTrue();

        JsonNode rules = run(200, "curl http://localhost:8080/admin/force-rules");
        assertThat(rules.get("rules")).containsExactly(created);

        String rule = "http://localhost:8080/admin/force-rules/" + id;
        assertThat(run(200, "curl " + rule)).isEqualTo(created);

        JsonNode extended = run(200, """
                curl -X PUT %s/extend \\
                  -H "Content-Type: application/json" \\
                  -d '{"additional_secs": 3600}'""".formatted(rule));
        assertThat(end(extended)).isEqualTo(end(created).plusSeconds(3600));

        assertThat(run(200, "curl -X PUT " + rule + "/disable").get("enabled").asBoolean()).isFalse();
        assertThat(run(200, "curl -X PUT " + rule + "/enable").get("enabled").asBoolean()).isTrue();

        assertThat(run(200, "curl -X POST http://localhost:8080/admin/force-rules/cleanup").get("deleted").asInt())
                .isZero();
        assertThat(run("curl -X DELETE " + rule)).isEqualTo(" 204");
        assertThat(run(404, "curl " + rule).get("title").asText()).isEqualTo("There is no such thing");
        assertThat(run(200, "curl http://localhost:8080/admin/force-rules").get("rules")).isEmpty();
    }

    private static Instant end(JsonNode rule) {
        return Instant.parse(rule.get("expires_at").asText());
    }
}
