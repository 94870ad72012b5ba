package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tailsampling.admin.AdminClient.Reply;
import dev.tailsampling.config.ConfigException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what. */
class AccessApiTest {

    private static final String RULES = "/admin/force-rules";
    private static final String RULE = """
            {"duration_secs": 60, "match": {"span": [{"key": "a", "op": "exists"}]}, "action": "force_drop"}
            """;
    private static final Access TOKENS = new Access.Tokens(List.of(AdminToken.of("reader", Role.READ, "r"),
            AdminToken.of("alice", Role.RULES, "w"), AdminToken.of("root", Role.ADMIN, "a")));

    @Test
    void eachRoleMayDoWhatThoseBeforeItMay() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(TOKENS)) {
            assertStatuses(api, "r", 200, 403, 403);
            assertStatuses(api, "w", 200, 201, 403);
            assertStatuses(api, "a", 200, 201, 200);
        }
    }

    private static void assertStatuses(RunningApi api, String token, int read, int rules, int admin)
            throws IOException, InterruptedException {
        AdminClient client = api.client(token);
        assertThat(client.get(RULES).status()).isEqualTo(read);
        assertThat(client.json("POST", RULES, RULE).status()).isEqualTo(rules);
        assertThat(client.json("PUT", "/admin/policies?dry_run=true", "{\"policies\": []}").status())
                .isIn(admin, admin == 200 ? 422 : admin);
    }

    @Test
    void withoutAKnownTokenNothingIsAnswered() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(TOKENS)) {
            AdminRoutes.of(api.service.ports(), api.feed).stream().filter(route -> route.role() != null)
                    .forEach(route -> assertRefused(api, route));
            assertThat(api.client("nobody's").get(RULES).header("WWW-Authenticate"))
                    .isEqualTo("Bearer error=\"invalid_token\"");
            assertThat(api.client().get(RULES, "Authorization", "Basic cjpy").header("WWW-Authenticate"))
                    .isEqualTo("Bearer");
        }
    }

    private static void assertRefused(RunningApi api, Route route) {
        try {
            Reply reply = api.client().send(route.method(), route.path().replaceAll("\\{\\w+}", "x"), null);
            assertThat(reply.status()).as("%s", route).isEqualTo(401);
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(route.path(), e);
        }
    }

    @Test
    void aTokenWithTooLittleIsToldWhatItTakes() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(TOKENS)) {
            Reply reply = api.client("r").json("POST", RULES, RULE);

            assertThat(reply.json().get("detail").asText())
                    .isEqualTo("this takes the role rules, and the token reader has the role read");
            assertThat(reply.header("WWW-Authenticate")).contains("insufficient_scope", "scope=\"rules\"");
        }
    }

    @Test
    void theTokensNameIsTheAuthor() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(TOKENS)) {
            AdminClient client = api.client("w");
            String id = client.json("POST", RULES, RULE, "Idempotency-Key", "k").json().get("id").asText();

            assertThat(client.get(RULES + "/" + id + "/changes").json().at("/changes/0/author").asText())
                    .isEqualTo("alice");
            assertThat(api.client("a").json("POST", RULES, RULE, "Idempotency-Key", "k").status())
                    .as("keys of others are other keys").isEqualTo(201);
        }
    }

    @Test
    void whatIsOpenNeedsNoToken() throws IOException, InterruptedException {
        try (RunningApi api = new RunningApi(TOKENS)) {
            assertThat(api.client().get("/openapi.yaml").status()).isEqualTo(200);
            try (Socket socket = new Socket("127.0.0.1", api.server.port())) {
                assertThat(ask(socket, "GET /health/live HTTP/1.1", "Host: x")).startsWith("HTTP/1.1 200");
            }
        }
    }

    /** Sends lines as they are, which no client library would. */
    private static String ask(Socket socket, String... lines) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write((String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String ask(Access access, String host, String... headers) throws IOException {
        try (RunningApi api = new RunningApi(access);
                Socket socket = new Socket("127.0.0.1", api.server.port())) {
            String[] lines = Stream.concat(
                    Stream.of("GET " + RULES + " HTTP/1.1",
                            "Host: " + host.replace("PORT", Integer.toString(api.server.port()))),
                    Arrays.stream(headers)
                            .map(header -> header.replace("PORT", Integer.toString(api.server.port()))))
                    .toArray(String[]::new);
            return ask(socket, lines);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:PORT", "127.0.0.1:PORT", "[::1]:PORT", "LOCALHOST:1"})
    void withoutTokensThisMachineIsAnswered(String host) throws IOException {
        assertThat(ask(new Access.ThisMachine(), host)).startsWith("HTTP/1.1 200");
    }

    /** A name that its owner let point at this machine. */
    @ParameterizedTest
    @ValueSource(strings = {"attacker.example", "attacker.example:PORT", "localhost.attacker.example",
            "127.0.0.1.attacker.example", "10.0.0.1:PORT",
            "localhost,attacker.example"})
    void withoutTokensOtherNamesOfThisMachineAreNot(String host) throws IOException {
        assertThat(ask(new Access.ThisMachine(), host)).startsWith("HTTP/1.1 403").contains("foreign-page");
    }

    @ParameterizedTest
    @CsvSource({"http://attacker.example,403", "null,403", "http://localhost:1,403", "https://localhost:PORT,403",
            "http://localhost:PORT,200"})
    void withoutTokensPagesOfOthersAreNot(String origin, int status) throws IOException {
        assertThat(ask(new Access.ThisMachine(), "localhost:PORT", "Origin: " + origin))
                .startsWith("HTTP/1.1 " + status);
        assertThat(ask(new Access.Anybody(), "localhost:PORT", "Origin: " + origin))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void anybodyMayComeByAnyNameIfThatWasAskedFor() throws IOException {
        assertThat(ask(new Access.Anybody(), "tss.example")).startsWith("HTTP/1.1 200");
    }

    @Test
    void withTokensNamesAndPagesDoNotMatter() throws IOException {
        assertThat(ask(TOKENS, "tss.example", "Origin: http://console.example", "Authorization: bearer r"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource({"alice,rules,a role and a hash", "alice,rules sha256:12,a role and a hash",
            "alice,root sha256:HASH,'begin with a role, read, rules or admin, not \"root\"'",
            "a b,read sha256:HASH,the name of a token"})
    void wrongTokensAreRefusedAtStart(String name, String value, String sentence) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> AdminToken.parse(name, value.replace("HASH", "0".repeat(64))))
                .withMessageContaining("admin.tokens." + name).withMessageContaining(sentence);
    }

    @Test
    void configuredTokensAreReadBack() {
        AdminToken token = AdminToken.of("alice", Role.RULES, AdminToken.text(new byte[AdminToken.RANDOM_BYTES]));

        assertThat(AdminToken.parse("alice", token.configured())).isEqualTo(token);
        assertThat(new Access.Tokens(List.of(token)).find("tss_" + "A".repeat(43))).isEqualTo(token);
        assertThat(new Access.Tokens(List.of(token)).find("tss_" + "A".repeat(42))).isNull();
    }
}
