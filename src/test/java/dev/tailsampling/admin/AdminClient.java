package dev.tailsampling.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks a server, as a person with curl does, and holds each answer against the description of the API. */
final class AdminClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

    /** Of paths and methods that are not described. */
    private static final Set<Integer> UNDESCRIBED = Set.of(405);

    private final String base;
    private final @Nullable String token;

    AdminClient(int port, @Nullable String token) {
        this.base = "http://127.0.0.1:" + port;
        this.token = token;
    }

    /** What came back. */
    record Reply(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode json() throws IOException {
            return JSON.readTree(response.body());
        }

        String problem() throws IOException {
            return json().get("type").asText().replaceAll(".*/", "");
        }
    }

    Reply send(String method, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        Reply reply = new Reply(HTTP.send(request.build(), BodyHandlers.ofString()));
        if (!method.equals("HEAD") && !UNDESCRIBED.contains(reply.status())) {
            ApiDocument.IT.assertDescribes(method, path.replaceAll("\\?.*", ""), reply.status(),
                    reply.header("Content-Type"), reply.response().body());
        }
        return reply;
    }

    Reply get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, null, headers);
    }

    /** With a body that is said to be JSON. */
    Reply json(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        String[] all = Stream.concat(Stream.of("Content-Type", "application/json"),
                Stream.of(headers)).toArray(String[]::new);
        return send(method, path, body, all);
    }
}
