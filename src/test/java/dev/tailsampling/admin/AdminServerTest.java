package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tailsampling.admin.AdminClient.Reply;
import dev.tailsampling.admin.AdminServerSettings.Listener;
import dev.tailsampling.admin.AdminServerSettings.TlsFiles;
import dev.tailsampling.config.ConfigException;
import dev.tailsampling.config.ConfigLoader;
import io.helidon.webserver.http.HttpService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server itself: ports, limits, failures, its end. */
class AdminServerTest {

    private static final Access OPEN = new Access.ThisMachine();

    @TempDir
    private Path folder;

    private static AdminServer start(Listener main, @Nullable Listener metrics,
            @Nullable TlsFiles tls, HttpService... services) {
        return AdminServer.start(new AdminServerSettings(main, metrics, OPEN, tls, 1000, 2, Duration.ofSeconds(20),
                List.of()), List.of(services), new MemoryService().ports(), new CycleFeed());
    }

    private static Listener free(String host) {
        return new Listener(host, 0, "a test");
    }

    @Test
    void theSecondPortHasOnlyWhatIsOpen() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(OPEN)) {
            assertThat(api.server.metricsPort()).isNotEqualTo(api.server.port());
            assertThat(raw(api.server.metricsPort(), "GET /health/live")).startsWith("HTTP/1.1 200");
            assertThat(raw(api.server.metricsPort(), "GET /admin/force-rules")).startsWith("HTTP/1.1 404")
                    .contains("application/problem+json");
        }
    }

    private static String raw(int port, String request, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            String lines = request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + String.join("", Arrays.stream(headers).map(header -> header + "\r\n").toList())
                    + "\r\n";
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void onePortIsEnough() {
        try (AdminServer server = start(free("127.0.0.1"), null, null)) {
            assertThat(server.metricsPort()).isEqualTo(server.port());
        }
    }

    @Test
    void aTakenPortIsOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Listener listener = new Listener("127.0.0.1", taken.getLocalPort(), "observability.health_port");

            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> start(listener, null, null).close())
                    .withMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .withMessageContaining("change observability.health_port").withMessageNotContaining("\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET,/,404", "GET,/admin,404", "GET,/admin/force-rules/,404", "GET,/admin/force-rules/a/b,404",
            "GET,/admin/force-rules/a%2Fb,404", "PATCH,/admin/force-rules,405", "DELETE,/openapi.yaml,405",
            "POST,/metrics,405", "PUT,/health,405", "OPTIONS,/admin/policies,405", "GET,/metrics,404",
            "GET,/../etc/passwd,404"})
    void otherPathsAndMethodsAreProblems(String method, String path, int status) throws IOException {
        try (RunningApi api = new RunningApi(OPEN)) {
            String answer = raw(api.server.port(), method + " " + path);

            assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("application/problem+json",
                    "\"status\":" + status, "\"instance\":\"");
            assertThat(answer.contains("Allow: ")).as(answer).isEqualTo(status == 405);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /admin/force-rules/%zz", "GET /admin/decisions?limit=%", "GET /\u0001",
            "GET / x"})
    void malformedRequestsAreProblems(String request) throws IOException {
        try (RunningApi api = new RunningApi(OPEN)) {
            assertThat(raw(api.server.port(), request)).startsWith("HTTP/1.1 400 ")
                    .contains("application/problem+json", "\"status\":400").doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void headersAreBounded() throws IOException {
        try (RunningApi api = new RunningApi(OPEN)) {
            assertThat(raw(api.server.port(), "GET /", "X: " + "x".repeat(20_000))).startsWith("HTTP/1.1 4")
                    .contains("application/problem+json");
            assertThat(raw(api.server.port(), "GET /" + "x".repeat(9_000))).startsWith("HTTP/1.1 4")
                    .contains("application/problem+json");
        }
    }

    @Test
    void headIsGetWithoutItsBody() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(OPEN)) {
            Reply get = api.client().get("/admin/policies");
            Reply head = api.client().send("HEAD", "/admin/policies", null);

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.response().body()).isEmpty();
            assertThat(head.header("ETag")).isEqualTo(get.header("ETag"));
            assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
            assertThat(api.client().send("HEAD", "/admin/force-rules/nope", null).status()).isEqualTo(404);
        }
    }

    @Test
    void answersThatNobodyWouldTakeAreNotMade() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(OPEN)) {
            assertThat(api.client().get("/admin/runs", "Accept", "text/html").status()).isEqualTo(406);
            assertThat(api.client().get("/admin/runs", "Accept", "text/html, application/*;q=0.1").status())
                    .isEqualTo(200);
            assertThat(api.client().get("/admin/runs", "Accept", ";;;").status()).isIn(200, 400);
        }
    }

    @Test
    void bodiesAreBoundedHoweverTheyAreSent() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(OPEN)) {
            String tooMuch = "x".repeat(RunningApi.MAX_REQUEST_BYTES + 1);
            assertThat(api.client().json("POST", "/admin/force-rules", tooMuch).problem()).isEqualTo("too-large");
            HttpRequest chunked = HttpRequest
                    .newBuilder(URI.create("http://127.0.0.1:" + api.server.port() + "/admin/force-rules"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(tooMuch.getBytes(StandardCharsets.US_ASCII))))
                    .build();
            assertThat(HttpClient.newHttpClient().send(chunked, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(413);
        }
    }

    /** A request that waits until it is let go. */
    private static final class Slow {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);

        private AdminPorts ports() {
            AdminPorts ports = new MemoryService().ports();
            return new AdminPorts(ports.rules(), (request, window) -> {
                begun.countDown();
                await(letGo);
                return List.of();
            }, ports.ledger(), ports.explainer(), ports.policies(), ports.tables(), ports.operations(), ports.clock());
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private CompletableFuture<Integer> ask(AdminServer server) {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return new AdminClient(server.port(), null).json("POST", "/admin/force-rules/preview", """
                            {"duration_secs": 1, "match": {"any": [{"key": "a", "op": "exists"}]},
                             "action": "force_drop"}""").status();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    private static AdminServer start(Slow slow, int maxConcurrentRequests) {
        return AdminServer.start(new AdminServerSettings(free("127.0.0.1"), null, OPEN, null, 1000,
                maxConcurrentRequests, Duration.ofSeconds(20), List.of()),
                List.of(rules -> rules.get("/health/live", (request, response) -> response.send("up"))), slow.ports(),
                new CycleFeed());
    }

    @Test
    void whoComesWhenAllIsBusyIsToldToComeAgainButNotTheProbes() throws Exception {
        Slow slow = new Slow();
        try (AdminServer server = start(slow, 1)) {
            CompletableFuture<Integer> first = slow.ask(server);
            Slow.await(slow.begun);

            Reply second = new AdminClient(server.port(), null).get("/admin/force-rules");

            assertThat(second.status()).isEqualTo(503);
            assertThat(second.problem()).isEqualTo("busy");
            assertThat(second.header("Retry-After")).isEqualTo("5");
            assertThat(raw(server.port(), "GET /health/live")).startsWith("HTTP/1.1 200");
            slow.letGo.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(200);
            assertThat(new AdminClient(server.port(), null).get("/admin/force-rules").status()).isEqualTo(200);
        }
    }

    @Test
    void requestsInProgressEndBeforeTheServerDoes() throws Exception {
        Slow slow = new Slow();
        AdminServer server = start(slow, 4);
        CompletableFuture<Integer> asked = slow.ask(server);
        Slow.await(slow.begun);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
        slow.letGo.countDown();

        assertThat(asked.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        closed.get(20, TimeUnit.SECONDS);
    }

    @Test
    void defectsAreToldWithoutTheirInside() throws IOException, InterruptedException {
        AdminPorts ports = new MemoryService().ports();
        try (AdminServer server = AdminServer.start(new AdminServerSettings(free("127.0.0.1"), null, OPEN, null, 1000,
                4, Duration.ofSeconds(5), List.of()), List.of(),
                new AdminPorts(ports.rules(), ports.preview(), ports.ledger(), decision -> {
                    throw new IllegalStateException("secret inside");
                }, ports.policies(), ports.tables(), ports.operations(), ports.clock()), new CycleFeed())) {
            Reply reply = new AdminClient(server.port(), null).get("/admin/decisions/" + MemoryService.TRACE);

            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.response().body()).doesNotContain("secret", "Exception", "dev.tailsampling.");
        }
    }

    @Test
    void connectionsAreEncryptedWithACertificate() throws Exception {
        TlsFiles files = certificate();
        try (AdminServer server = start(free("127.0.0.1"), free("127.0.0.1"), files)) {
            HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build();
            for (int port : List.of(server.port(), server.metricsPort())) {
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/nope")).build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    void aWrongCertificateIsOneSentence() throws Exception {
        TlsFiles files = certificate();
        Path broken = Files.writeString(folder.resolve("broken.pem"), "-----BEGIN");

        for (TlsFiles wrong : List.of(new TlsFiles(broken, files.key()), new TlsFiles(files.certificates(), broken),
                new TlsFiles(files.certificates(), folder.resolve("missing.pem")))) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> start(free("127.0.0.1"), null, wrong).close())
                    .withMessageContaining("admin.tls_key_file " + wrong.key()).withMessageContaining("PEM");
        }
    }

    private TlsFiles certificate() throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-alias", "tss", "-dname", "CN=localhost", "-ext",
                "SAN=dns:localhost,ip:127.0.0.1", "-keystore", store.toString(), "-storepass", "changeit")
                .redirectErrorStream(true).start();
        String out = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(out).isZero();
        KeyStore keys = keyStore();
        return new TlsFiles(pem("certificate.pem", "CERTIFICATE", keys.getCertificate("tss").getEncoded()),
                pem("key.pem", "PRIVATE KEY", keys.getKey("tss", "changeit".toCharArray()).getEncoded()));
    }

    private KeyStore keyStore() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(folder.resolve("store.p12"))) {
            keys.load(file, "changeit".toCharArray());
        }
        return keys;
    }

    private Path pem(String name, String kind, byte[] content) throws IOException {
        return Files.writeString(folder.resolve(name), "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + kind + "-----\n");
    }

    private SSLContext trusting() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("tss", keyStore().getCertificate("tss"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private AdminServerSettings settings(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), yaml);
        return AdminServerSettings.of(new ConfigLoader(Map.of()).load(file));
    }

    @Test
    void withoutTokensItListensOnLoopbackWhateverTheAddress() throws IOException {
        AdminServerSettings settings = settings("app:\n");

        assertThat(settings.main()).isEqualTo(new Listener("127.0.0.1", 8080, "observability.health_port"));
        assertThat(settings.metrics()).isEqualTo(new Listener("127.0.0.1", 9090, "observability.metrics_port"));
        assertThat(settings.access()).isInstanceOf(Access.ThisMachine.class);
        assertThat(settings.remarks()).singleElement().asString().contains("no admin.tokens", "tss token");
        assertThat(settings("observability: {health_addr: localhost, metrics_addr: 127.0.0.1}").remarks()).isEmpty();
    }

    @Test
    void whatIsSafeListensWhereItWasAskedTo() throws IOException {
        AdminServerSettings insecure = settings("admin: {insecure: true}\nobservability: {health_port: 80}");
        AdminServerSettings tokens = settings(
                "admin: {tokens: {alice: 'rules sha256:" + "0".repeat(64) + "'}, max_request_bytes: 7}");

        assertThat(insecure.main().host()).isEqualTo("0.0.0.0");
        assertThat(insecure.remarks()).singleElement().asString().contains("anybody", "port 80");
        assertThat(tokens.main().host()).isEqualTo("0.0.0.0");
        assertThat(tokens.maxRequestBytes()).isEqualTo(7);
        assertThat(tokens.remarks()).singleElement().asString().contains("unencrypted");
        assertThat(settings("observability: {metrics_port: 8080}").metrics()).isNull();
    }

    @Test
    void contradictionsAreRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(
                        () -> settings("admin: {insecure: true, tokens: {a: 'read sha256:" + "0".repeat(64) + "'}}"))
                .withMessageContaining("remove one");
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> settings("admin: {tokens: {a: secret1}}"))
                .withMessageContaining("admin.tokens.a").withMessageNotContaining("secret1");
    }
}
