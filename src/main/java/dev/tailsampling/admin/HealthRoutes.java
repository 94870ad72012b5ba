package dev.tailsampling.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** {@code GET /health}, {@code /health/ready} and {@code /health/live}: 200 or 503, with JSON that says why. */
public final class HealthRoutes implements HttpService {

    /**
     * Who answers.
     *
     * @param version of this program
     * @param instance its name among several
     * @param startedAt when this process began
     */
    public record Process(String version, String instance, Instant startedAt) {}

    private final Health health;
    private final Liveness liveness;
    private final Process process;
    private final InstantSource clock;

    /** Answers from what these say. */
    public HealthRoutes(Health health, Liveness liveness, Process process, InstantSource clock) {
        this.health = health;
        this.liveness = liveness;
        this.process = process;
        this.clock = clock;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/health", this::all).head("/health", this::all)
                .get("/health/ready", this::ready).head("/health/ready", this::ready)
                .get("/health/live", this::live).head("/health/live", this::live);
    }

    private void all(ServerRequest request, ServerResponse response) {
        HealthReport report = health.report();
        boolean down = report.status() == HealthReport.Status.DOWN;
        answer(response, down, json -> {
            json.writeStringField("status", report.status().name());
            json.writeObjectFieldStart("components");
            for (Map.Entry<String, ComponentState> component : report.components().entrySet()) {
                write(json, component.getKey(), component.getValue());
            }
            json.writeEndObject();
            json.writeStringField("version", process.version());
            json.writeStringField("instance", process.instance());
            json.writeNumberField("uptime_secs",
                    Math.max(0, Duration.between(process.startedAt(), clock.instant()).toSeconds()));
        });
    }

    private static void write(JsonGenerator json, String name, ComponentState state) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("status", state.status().name());
        if (state.detail() != null) {
            json.writeStringField("detail", state.detail());
        }
        json.writeStringField("since", state.since().toString());
        json.writeEndObject();
    }

    private void ready(ServerRequest request, ServerResponse response) {
        answer(response, health.notReady());
    }

    private void live(ServerRequest request, ServerResponse response) {
        answer(response, liveness.stuck());
    }

    private static void answer(ServerResponse response, Optional<String> problem) {
        answer(response, problem.isPresent(), json -> {
            json.writeStringField("status", problem.isPresent() ? "DOWN" : "UP");
            if (problem.isPresent()) {
                json.writeStringField("detail", problem.get());
            }
        });
    }

    private static void answer(ServerResponse response, boolean down, Json.Fields fields) {
        response.status(down ? Status.SERVICE_UNAVAILABLE_503 : Status.OK_200)
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .send(Json.object(fields));
    }
}
