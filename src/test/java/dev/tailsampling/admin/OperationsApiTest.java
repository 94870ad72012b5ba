package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailsampling.admin.AdminClient.Reply;
import dev.tailsampling.selector.FinishedCycle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators ask over HTTP. */
class OperationsApiTest {

    private RunningApi api;
    private AdminClient client;

    @BeforeEach
    void start() {
        api = new RunningApi(new Access.ThisMachine());
        client = api.client();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void tablesAreShownWithTheirStateAndTheNewestCycles() throws IOException, InterruptedException {
        JsonNode scans = client.get("/admin/scans").json();

        assertThat(scans.get("tables")).extracting(table -> table.get("state").asText())
                .containsExactly("MISSING", "SAMPLING");
        assertThat(scans.at("/tables/1/last_report/traces_sampled").asInt()).isEqualTo(2);
        assertThat(scans.at("/cycles/0/force_rule_matches/abc").asInt()).isEqualTo(1);
        assertThat(scans.at("/cycles/0/source").asText()).isEqualTo(MemoryService.TABLE);
        JsonNode one = client.get("/admin/scans?table=otel.other&limit=0").json();
        assertThat(one.get("tables")).hasSize(1);
        assertThat(one.get("cycles")).isEmpty();
    }

    @Test
    void deadLettersAndRunsAreShown() throws IOException, InterruptedException {
        assertThat(client.get("/admin/dead-letters").json().at("/dead_letters/0/offset").asInt()).isEqualTo(77);
        assertThat(client.get("/admin/dead-letters?table=x").json().get("dead_letters")).isEmpty();
        JsonNode run = client.get("/admin/runs?limit=1").json().at("/runs/0");
        assertThat(run.get("instance").asText()).isEqualTo("tss-0");
        assertThat(run.get("ended_at").isNull()).isTrue();
    }

    /** What a store says of itself may hold its address and password. */
    @ParameterizedTest
    @ValueSource(strings = {"/admin/scans", "/admin/dead-letters", "/admin/runs"})
    void whenAStoreIsAwayTheCallerIsToldToComeAgain(String path) throws IOException, InterruptedException {
        api.service.operations.away = true;

        Reply reply = client.get(path);

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.problem()).isEqualTo("unavailable");
        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.response().body()).doesNotContain("hunter2", "jdbc", "Exception");
    }

    private HttpURLConnection listen() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI
                .create("http://127.0.0.1:" + api.server.port() + "/admin/events").toURL().openConnection();
        connection.setReadTimeout(20_000);
        return connection;
    }

    /** Lines up to an empty one, comments left out. */
    private static List<String> event(BufferedReader lines) throws IOException {
        List<String> event = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty() && !event.isEmpty()) {
                return event;
            }
            if (!line.isEmpty() && !line.startsWith(":")) {
                event.add(line);
            }
        }
        return event;
    }

    @Test
    void cyclesAreStreamedAsTheyFinishUntilTheServerEnds() throws IOException {
        HttpURLConnection connection = listen();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(connection.getContentType()).startsWith("text/event-stream");
            assertThat(lines.readLine()).startsWith(":");
            FinishedCycle cycle = new FinishedCycle("otel.spans", api.service.now, MemoryService.report());
            api.feed.publish(cycle);

            List<String> event = event(lines);

            assertThat(event).hasSize(2).first().asString().isEqualTo("event:cycle");
            JsonNode data = new ObjectMapper().readTree(event.get(1).replaceFirst("data:", ""));
            assertThat(data.get("source").asText()).isEqualTo("otel.spans");
            ApiDocument.IT.assertValid(ApiDocument.IT.root().at("/components/schemas/Cycle"), data.toString(), "event");
            api.server.close();
            assertThat(event(lines)).as("the stream has ended").isEmpty();
        }
    }

    @Test
    void listenersThatLeaveAreForgotten() throws IOException {
        HttpURLConnection connection = listen();
        assertThat(connection.getResponseCode()).isEqualTo(200);
        assertThat(api.feed.subscribers()).isEqualTo(1);
        connection.disconnect();

        await().untilAsserted(() -> {
            api.feed.publish(new FinishedCycle("otel.spans", api.service.now, MemoryService.report()));
            assertThat(api.feed.subscribers()).isZero();
        });
    }

    @Test
    void tooManyListenersAreToldToComeAgain() throws IOException, InterruptedException {
        for (int i = 0; i < CycleFeed.MAX_SUBSCRIBERS; i++) {
            api.feed.subscribe().orElseThrow();
        }

        Reply reply = client.get("/admin/events");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.problem()).isEqualTo("busy");
    }
}
