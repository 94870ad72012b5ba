package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tailsampling.lake.CatalogSettings.Type;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A catalog that signs requests to the store itself: what it answers is what the store sees. */
class RemoteSigningTest {

    private static final String CONTENT = "content";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String uri;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        uri = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/catalog/sign", this::sign);
        server.createContext("/bucket", this::read);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void sign(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(request);
        answer(exchange,
                "{\"uri\":\"" + uri + "/bucket/file\",\"headers\":{\"Authorization\":[\"signed-by-catalog\"]}}",
                "application/json");
    }

    private void read(HttpExchange exchange) throws IOException {
        seen.add(exchange.getRequestMethod() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        answer(exchange, CONTENT, "application/octet-stream");
    }

    private static void answer(HttpExchange exchange, String body, String type) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.getResponseHeaders().add("ETag", "\"1\"");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    /** Properties as they are after a table was loaded: ours, and then the table's. */
    private S3FileIO io(Map<String, String> ours) {
        Map<String, String> properties =
                new HashMap<>(new CatalogSettings(Type.REST, uri + "/catalog", "demo", ours).icebergProperties());
        properties
                .putAll(Map.of("s3.remote-signing-enabled", "true", "s3.endpoint", uri, "s3.path-style-access", "true",
                        "signer.uri", uri + "/catalog/", "signer.endpoint", "sign"));
        S3FileIO io = new S3FileIO();
        io.initialize(properties);
        return io;
    }

    private static String read(S3FileIO io) throws IOException {
        try (SeekableInputStream in = io.newInputFile("s3://bucket/file").newStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theCatalogSigns() throws IOException {
        try (S3FileIO io = io(Map.of("header.X-Iceberg-Access-Delegation", "remote-signing"))) {
            assertThat(read(io)).isEqualTo(CONTENT);
        }
        assertThat(seen).containsExactly("GET signed-by-catalog");
        assertThat(asked).hasSize(1).first().asString().contains("/bucket/file").contains("\"GET\"");
    }

    @Test
    void keysOfTheUserSignInstead() throws IOException {
        try (S3FileIO io = io(Map.of("s3.access-key-id", "own-key", "s3.secret-access-key", "own-secret"))) {
            assertThat(read(io)).isEqualTo(CONTENT);
        }
        assertThat(seen).hasSize(1).first().asString().startsWith("GET AWS4-HMAC-SHA256 Credential=own-key/");
        assertThat(asked).isEmpty();
    }
}
