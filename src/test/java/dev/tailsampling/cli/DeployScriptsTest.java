package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scripts that prepare Lakekeeper and the object store in docker-compose.yml, once and again. */
class DeployScriptsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Ended(int code, String output) {}

    private Lakekeeper lakekeeper;

    @BeforeAll
    static void needsCurl() throws Exception {
        Assumptions.assumeTrue(
                new ProcessBuilder("sh", "-c", "curl --help all | grep -q aws-sigv4").start().waitFor() == 0,
                "curl 7.75 or later is not installed");
    }

    @BeforeEach
    void startLakekeeper() throws IOException {
        lakekeeper = new Lakekeeper();
    }

    @AfterEach
    void stopLakekeeper() {
        lakekeeper.server.stop(0);
    }

    private static Ended run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of("WAREHOUSE", "demo", "BUCKET", "lakehouse",
                "S3_ENDPOINT", "http://s3:9000", "S3_REGION", "us-east-1", "S3_ACCESS_KEY_ID", "key",
                "S3_SECRET_ACCESS_KEY", "a\"b\\c&d"));
        environment.put("LAKEKEEPER_URL", "http://127.0.0.1:" + lakekeeper.server.getAddress().getPort());
        return environment;
    }

    @Test
    void bootstrap_preparesAServer_andLeavesAPreparedOneAlone() throws Exception {
        Ended first = run(environment(), "lakekeeper/bootstrap", "lakekeeper/warehouse-minio.json");
        Ended second = run(environment(), "lakekeeper/bootstrap", "lakekeeper/warehouse-minio.json");

        assertThat(first).isEqualTo(new Ended(0, "The server is bootstrapped.\nWarehouse demo is created.\n"));
        assertThat(second)
                .isEqualTo(new Ended(0, "The server is bootstrapped already.\nWarehouse demo exists already.\n"));
        assertThat(lakekeeper.changes).containsExactly("/management/v1/bootstrap", "/management/v1/warehouse");
        assertThat(lakekeeper.warehouse.at("/storage-credential/secret-access-key").asText()).isEqualTo("a\"b\\c&d");
    }

    @Test
    void bootstrap_sendsItsToken_andShowsWhatTheServerAnswered() throws Exception {
        lakekeeper.token = "t0ken";

        Ended refused = run(environment(), "lakekeeper/bootstrap", "lakekeeper/warehouse-minio.json");
        Map<String, String> environment = environment();
        environment.put("LAKEKEEPER_TOKEN", "t0ken");
        Ended taken = run(environment, "lakekeeper/bootstrap", "lakekeeper/warehouse-minio.json");

        assertThat(refused.code()).isNotZero();
        assertThat(refused.output()).contains("who are you");
        assertThat(taken.code()).isZero();
    }

    @Test
    void bootstrap_namesTheVariableThatIsMissing() throws Exception {
        Map<String, String> environment = environment();
        environment.put("S3_ENDPOINT", "");

        Ended ended = run(environment, "lakekeeper/bootstrap", "lakekeeper/warehouse-minio.json");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output())
                .endsWith("lakekeeper/warehouse-minio.json: set the environment variable S3_ENDPOINT\n");
    }

    @Test
    void buckets_areCreatedOnce() throws Exception {
        try (LocalS3 s3 = LocalS3.start("lakehouse")) {
            Map<String, String> environment = new HashMap<>(Map.of("S3_ENDPOINT", s3.endpoint().toString(),
                    "S3_REGION", LocalS3.REGION, "S3_ACCESS_KEY_ID", LocalS3.ACCESS_KEY_ID, "S3_SECRET_ACCESS_KEY",
                    LocalS3.SECRET_ACCESS_KEY));

            Ended ended = run(environment, "minio/create-buckets", "lakehouse", "automq-data");
            environment.put("S3_SECRET_ACCESS_KEY", "wrong");
            Ended refused = run(environment, "minio/create-buckets", "other");

            assertThat(ended)
                    .isEqualTo(new Ended(0, "Bucket lakehouse exists already.\nBucket automq-data is created.\n"));
            assertThat(refused).isEqualTo(new Ended(1, "Bucket other could not be created: " + s3.endpoint()
                    + " answered 403; check the keys.\n"));
        }
    }

    /** The part of Lakekeeper's management API that its documentation has for this. */
    private static final class Lakekeeper {

        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final List<String> changes = new ArrayList<>();
        private JsonNode warehouse = JSON.nullNode();
        private String token = "";

        Lakekeeper() throws IOException {
            server.createContext("/", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                String authorization = exchange.getRequestHeaders().getFirst("Authorization");
                if (!token.isEmpty() && !("Bearer " + token).equals(authorization)) {
                    send(exchange, 401, "{\"error\":{\"message\":\"who are you\"}}");
                } else if (exchange.getRequestMethod().equals("POST")) {
                    change(exchange, JSON.readTree(body));
                } else {
                    send(exchange, 200, look(Path.of(exchange.getRequestURI().getPath()).getFileName().toString()));
                }
            }
        }

        private String look(String what) {
            return switch (what) {
                case "info" -> "{\"version\":\"0.13.1\",\"bootstrapped\":" + !changes.isEmpty() + "}";
                case "warehouse" -> warehouse.isNull()
                        ? "{\"warehouses\":[]}"
                        : "{\"warehouses\":[{\"name\":" + warehouse.get("warehouse-name") + "}]}";
                default -> throw new IllegalArgumentException(what);
            };
        }

        private void change(HttpExchange exchange, JsonNode body) throws IOException {
            String path = exchange.getRequestURI().getPath();
            boolean isFirst = !changes.contains(path);
            changes.add(path);
            if (path.endsWith("/bootstrap")) {
                send(exchange, isFirst && body.get("accept-terms-of-use").asBoolean() ? 204 : 400, "");
            } else {
                warehouse = body;
                send(exchange, isFirst ? 201 : 409, "{\"warehouse-id\":\"0\"}");
            }
        }

        private static void send(HttpExchange exchange, int status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
