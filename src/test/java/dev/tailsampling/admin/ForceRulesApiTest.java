package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tailsampling.admin.AdminClient.Reply;
import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.selector.ForceRules;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Force rules over HTTP, beyond the commands of {@link SeedCommandsTest}. */
class ForceRulesApiTest {

    private static final String RULES = "/admin/force-rules";
    private static final String RULE = """
            {"duration_secs": 60, "match": {"span": [{"key": "a", "op": "eq", "value": "b"}]}, "action": "force_keep"}
            """;

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

    private String create() throws IOException, InterruptedException {
        return client.json("POST", RULES, RULE).json().get("id").asText();
    }

    @Test
    void createdRuleHasAPlace() throws IOException, InterruptedException {
        Reply created = client.json("POST", RULES, RULE);

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Cache-Control")).isEqualTo("no-store");
        assertThat(client.get(created.header("Location")).json()).isEqualTo(created.json());
    }

    @Test
    void theSameKeyMakesOneRuleHoweverOftenItIsSent() throws IOException, InterruptedException {
        Reply first = client.json("POST", RULES, RULE, "Idempotency-Key", "k1");
        Reply again = client.json("POST", RULES, RULE, "Idempotency-Key", "k1");
        Reply other = client.json("POST", RULES, RULE, "Idempotency-Key", "k1,k2");

        assertThat(List.of(first.status(), again.status(), other.status())).containsExactly(201, 200, 201);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(other.json().get("id")).isNotEqualTo(first.json().get("id"));
        assertThat(api.service.rules.list()).hasSize(2);
    }

    @Test
    void theSameKeyAnswersAsAtFirstWhateverBecameOfTheRule() throws IOException, InterruptedException {
        Reply first = client.json("POST", RULES, RULE, "Idempotency-Key", "k1");
        client.send("DELETE", first.header("Location"), null);

        Reply again = client.json("POST", RULES, RULE, "Idempotency-Key", "k1");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(api.service.rules.list()).as("it is not made again").isEmpty();
    }

    @Test
    void theSameKeyForAnotherRuleIsRefused() throws IOException, InterruptedException {
        client.json("POST", RULES, RULE, "Idempotency-Key", "k1");

        Reply other = client.json("POST", RULES, RULE.replace("60", "61"), "Idempotency-Key", "k1");

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
    }

    @Test
    void oneKeySentAtTheSameTimeMakesOneRule() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> task = () -> client.json("POST", RULES, RULE, "Idempotency-Key", "same").status();
            List<Integer> statuses = threads.invokeAll(List.of(task, task, task, task, task, task, task, task))
                    .stream().map(Future::resultNow).toList();

            assertThat(statuses).containsOnlyOnce(201).containsOnly(200, 201);
        }
        assertThat(api.service.rules.list()).hasSize(1);
    }

    @Test
    void changesAreOnRecordWithTheirAuthor() throws IOException, InterruptedException {
        String id = create();
        client.json("PUT", RULES + "/" + id + "/extend", "{\"additional_secs\": 1}");
        client.send("PUT", RULES + "/" + id + "/disable", null);
        client.send("DELETE", RULES + "/" + id, null);

        JsonNode changes = client.get(RULES + "/" + id + "/changes").json().get("changes");

        assertThat(changes).extracting(change -> change.get("kind").asText())
                .containsExactly("ADDED", "EXTENDED", "DISABLED", "DELETED");
        assertThat(changes).extracting(change -> change.get("author").asText()).containsOnly("anonymous");
        assertThat(changes.get(2).get("rule").get("enabled").asBoolean()).isFalse();
    }

    @Test
    void previewSaysWhatWouldMatchAndMakesNothing() throws IOException, InterruptedException {
        JsonNode table = client.json("POST", RULES + "/preview?minutes=30", RULE).json().get("tables").get(0);

        assertThat(table.get("matched").asInt()).isEqualTo(1);
        assertThat(table.get("examples").get(0).asText()).isEqualTo(MemoryService.TRACE.hex());
        assertThat(table.get("from").asText()).isEqualTo("2026-11-26T11:30:00Z");
        assertThat(api.service.rules.list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"GET,", "DELETE,", "GET,/changes", "PUT,/disable", "PUT,/enable"})
    void unknownRuleIsNotFound(String method, String suffix) throws IOException, InterruptedException {
        Reply reply = client.send(method, RULES + "/nope" + (suffix == null ? "" : suffix), null);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().get("detail").asText()).contains("there is no force rule nope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "\"text\"", "{} {}", "{\"a\": 1, \"a\": 2}", "", "{\"a\": NaN}", "a: b"})
    void whatIsNoJsonObjectIsABadRequest(String body) throws IOException, InterruptedException {
        Reply reply = client.json("POST", RULES, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"duration_secs\": 0, \"match\": {}, \"action\": \"force_keep\"}",
            "{\"actoin\": 1}"})
    void whatIsNoRuleIsUnprocessable(String body) throws IOException, InterruptedException {
        Reply reply = client.json("POST", RULES, body);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.problem()).isEqualTo("invalid-rule");
        assertThat(reply.json().get("detail").asText()).contains("request, line 1", "force rule");
    }

    @Test
    void rulesAreBounded() throws IOException, InterruptedException {
        String long4097 = RULE.replace("\"b\"", "\"" + "b".repeat(4097) + "\"");
        String regex = RULE.replace("eq", "regex").replace("\"b\"", "\"(a{1000}){1000}\"");
        String many = RULE.replace("\"eq\", \"value\": \"b\"",
                "\"in\", \"values\": [" + "1,".repeat(1000) + "1]");
        String matchers = RULE.replace("[{", "[" + "{\"key\": \"a\", \"op\": \"exists\"},".repeat(100) + "{");
        String whole = RULE.replace("\"b\"", "\"" + "b".repeat(40_000) + "\"");
        String priority = RULE.replace("{\"duration", "{\"priority\": 2147483648, \"duration");

        for (String body : List.of(long4097, regex, many, matchers, whole, priority)) {
            assertThat(client.json("POST", RULES, body).status()).as(body.substring(0, 80)).isEqualTo(422);
        }
        assertThat(client.json("POST", RULES, "x".repeat(RunningApi.MAX_REQUEST_BYTES + 1)).status()).isEqualTo(413);
        assertThat(api.service.rules.list()).isEmpty();
    }

    @Test
    void tooManyRulesAreAConflict() throws IOException, InterruptedException {
        ForceRules rules = new ForceRules(api.service.rules, api.service.clock, "test");
        for (int i = 0; i < ForceRules.MAX_RULES; i++) {
            rules.add(ForceRuleJson.request("rule", RULE), "rule-" + i);
        }

        Reply reply = client.json("POST", RULES, RULE);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("too-many-rules");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"{};400", "{\"additional_secs\": \"1\"};400", "{\"additional_secs\": 1.5};400",
            "{\"additional_secs\": 1, \"x\": 2};400", "{\"additional_secs\": 1e400};400",
            "{\"additional_secs\": 0};422", "{\"additional_secs\": 9223372036854775807};422",
            "{\"additional_secs\": 60.0};200"})
    void extensionIsAWholeNumberOfSeconds(String body, int status) throws IOException, InterruptedException {
        assertThat(client.json("PUT", RULES + "/" + create() + "/extend", body).status()).isEqualTo(status);
    }

    @Test
    void textsOfAllKindsComeBackAsTheyWere() throws IOException, InterruptedException {
        String description =
                "a/b \\\\ \\\" \\/ \\u0000 \\u2028 \\ud83d\\ude00 \u007f \u2028 \ud83d\ude00 é # : - \\ud800";
        Reply created = client.json("POST", RULES, RULE.replace("{\"duration", "{\"description\": \"" + description
                + "\", \"duration"));

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().get("description").asText())
                .isEqualTo("a/b \\ \" / \0 \u2028 \ud83d\ude00 \u007f \u2028 \ud83d\ude00 é # : - \ud800");
        assertThat(client.get(RULES).status()).isEqualTo(200);
    }
}
