package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A service as a process of its own, with a client of its API. */
final class RunningService implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PORTS = Pattern.compile("at port (\\d+), health and metrics at port (\\d+)");

    private final Process process;
    private final Path log;
    private final HttpClient client = HttpClient.newHttpClient();
    private int port;
    private int metricsPort;

    private RunningService(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it, and waits until it listens. */
    static RunningService start(Path home, Path log, Map<String, String> environment, String... arguments)
            throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "run";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        RunningService service = new RunningService(JavaProcess.start(home,
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"), environment, log, command), log);
        try {
            service.await("it listens", service::findPorts);
            return service;
        } catch (Throwable e) {
            service.close();
            throw e;
        }
    }

    private boolean findPorts() throws IOException {
        Matcher ports = PORTS.matcher(log());
        if (!ports.find()) {
            return false;
        }
        port = Integer.parseInt(ports.group(1));
        metricsPort = Integer.parseInt(ports.group(2));
        return true;
    }

    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Waits for something, no longer than the process lives. */
    void await(String what, Condition condition) {
        Awaitility.await(what + ", log in " + log).atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            assertThat(process.isAlive()).as("the process lives, log in %s", log).isTrue();
            return condition.holds();
        });
    }

    /** All that it has said. */
    String log() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
        if (body.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.method(method, HttpRequest.BodyPublishers.ofString(body)).header("Content-Type",
                    body.startsWith("{") ? "application/json" : "application/yaml");
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** The answer to a request that is expected to go well. */
    JsonNode ask(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(method, path, body);
        assertThat(answer.statusCode()).as("%s %s: %s", method, path, answer.body()).isBetween(200, 299);
        return JSON.readTree(answer.body());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return ask("GET", path, "");
    }

    /** The sum of a metric over its labels, as the port for metrics shows it; 0 if it is not there. */
    double metric(String name) throws IOException, InterruptedException {
        HttpResponse<String> text = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics")).build(),
                BodyHandlers.ofString());
        assertThat(text.statusCode()).isEqualTo(200);
        return text.body().lines().filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    /** State of a table on this instance. */
    String state(String table) throws IOException, InterruptedException {
        for (JsonNode known : get("/admin/scans?limit=1").get("tables")) {
            if (known.get("table").asText().equals(table)) {
                return known.get("state").asText();
            }
        }
        return "UNKNOWN";
    }

    /** Port of the admin API. */
    int port() {
        return port;
    }

    /** Ends it as an operator would; returns its exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended by SIGTERM, log in %s", log).isTrue();
        return process.exitValue();
    }

    /** Ends it as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Stops it in its tracks, or lets it go on. */
    void signal(String signal) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor()).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        client.close();
    }
}
