package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tailsampling.admin.AdminClient.Reply;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies over HTTP. */
class PoliciesApiTest {

    private static final String POLICIES = "/admin/policies";
    private static final String SLOW = "policies:\n  - {name: slow, type: latency, latency: {threshold_ms: 500}}\n";

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

    private Reply put(String query, String text, String... headers) throws IOException, InterruptedException {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/yaml";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return client.send("PUT", POLICIES + query, text, all);
    }

    @Test
    void currentPoliciesAreShownWithTheirNumber() throws IOException, InterruptedException {
        Reply shown = client.get(POLICIES);

        assertThat(shown.header("ETag")).isEqualTo("\"1\"");
        assertThat(shown.json().get("text").asText()).isEqualTo(MemoryPolicies.FIRST);
        assertThat(shown.json().get("origin").asText()).isEqualTo("FILE");
    }

    @Test
    void puttingMakesANewActivationOfTheCaller() throws IOException, InterruptedException {
        Reply put = put("", SLOW, "If-Match", "\"1\"");

        assertThat(put.status()).isEqualTo(200);
        assertThat(put.header("ETag")).isEqualTo("\"2\"");
        assertThat(put.json().get("added")).extracting(JsonNode::asText).containsExactly("slow");
        assertThat(put.json().get("removed")).extracting(JsonNode::asText).containsExactly("all");
        JsonNode shown = client.get(POLICIES + "?history=5").json();
        assertThat(shown.get("text").asText()).isEqualTo(SLOW);
        assertThat(shown.get("author").asText()).isEqualTo("anonymous");
        assertThat(shown.get("version")).isEqualTo(put.json().get("version"));
        assertThat(shown.get("history")).extracting(one -> one.get("number").asInt()).containsExactly(2, 1);
    }

    @Test
    void whoKnowsOtherPoliciesDoesNotReplaceThese() throws IOException, InterruptedException {
        put("", SLOW);

        Reply late = put("", SLOW, "If-Match", "\"1\"");

        assertThat(late.status()).isEqualTo(412);
        assertThat(late.problem()).isEqualTo("policies-changed");
        assertThat(put("?dry_run=true", SLOW, "If-Match", "\"1\"").status()).isEqualTo(412);
        assertThat(api.service.policies.current().number()).isEqualTo(2);
        assertThat(put("", SLOW, "If-Match", "*").status()).isEqualTo(200);
        assertThat(put("", SLOW, "If-Match", "3").status()).as("quotes are lost in shells").isEqualTo(200);
    }

    @Test
    void aDryRunTellsAndChangesNothing() throws IOException, InterruptedException {
        JsonNode tried = put("?dry_run=true&minutes=15", SLOW).json();

        assertThat(tried.get("dry_run").asBoolean()).isTrue();
        assertThat(tried.get("number").asInt()).isEqualTo(1);
        assertThat(tried.get("effects").get(0).get("only_now").asInt()).isEqualTo(93);
        assertThat(put("?dry_run=true", SLOW).json().get("effects")).isEmpty();
        assertThat(api.service.policies.current().number()).isEqualTo(1);
    }

    @Test
    void jsonWillDoToo() throws IOException, InterruptedException {
        Reply put = client.json("PUT", POLICIES, """
                {"policies": [{"name": "a\\/b", "type": "always_sample"}]}""");

        assertThat(put.json().get("added")).extracting(JsonNode::asText).containsExactly("a/b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "policies: 3", "policies:\n  - {name: a, type: nonsense}", "{", "- a", "a: &a [*a]"})
    void whatAreNoPoliciesIsUnprocessable(String text) throws IOException, InterruptedException {
        Reply refused = put("", text);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.problem()).isEqualTo("invalid-policies");
        assertThat(api.service.policies.current().number()).isEqualTo(1);
    }

    /** Whoever may change policies must not make the server send spans, or anything, to where they like. */
    @ParameterizedTest
    @ValueSource(strings = {
            "export: {otlp: {endpoint: 'http://169.254.169.254/'}}\n" + SLOW,
            "datadog: {api_endpoint: 'http://attacker.example'}\n" + SLOW,
            "tail_sampling: {policies: [{name: a, type: always_sample}]}\nexporters: {otlp: {endpoint: 'http://a'}}",
            "sampling: {policies_file: /etc/passwd}", "sampling: {policies_file: 'http://attacker.example'}"})
    void policiesCannotSayWhereSpansGo(String text) throws IOException, InterruptedException {
        Reply refused = put("", text);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.problem()).isEqualTo("invalid-policies");
    }

    /** What nests deeply must not use up a thread's stack. */
    @Test
    void deeplyNestedPoliciesDoNoHarm() throws IOException, InterruptedException {
        String condition = "policies:\n  - {name: a, type: ottl_condition, ottl_condition: {span: ['"
                + "(".repeat(20_000) + "true" + ")".repeat(20_000) + "']}}";
        String lists = "policies: " + "[".repeat(20_000) + "]".repeat(20_000);
        String regex = "policies:\n  - {name: a, type: string_attribute, string_attribute: {key: a, "
                + "enabled_regex_matching: true, values: ['" + "(".repeat(2_000) + "a" + ")".repeat(2_000) + "']}}";

        assertThat(put("", condition).status()).isEqualTo(422);
        assertThat(put("", lists).status()).isEqualTo(422);
        assertThat(put("", regex).status()).isEqualTo(200);
    }

    @Test
    void bytesThatAreNoTextAndTypesThatAreNeitherAreRefused() throws IOException, InterruptedException {
        assertThat(client.send("PUT", POLICIES, SLOW, "Content-Type", "text/html").status()).isEqualTo(415);
        assertThat(client.send("PUT", POLICIES, SLOW).status()).isEqualTo(415);
        assertThat(client.send("PUT", POLICIES, SLOW, "Content-Type", "text/yaml; charset=utf-8").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?dry_run=yes", "?dry_run=true&minutes=0", "?dry_run=true&minutes=1441",
            "?dryrun=true", "?dry_run=true&dry_run=true", "?dry_run="})
    void wrongParametersAreRefused(String query) throws IOException, InterruptedException {
        assertThat(put(query, SLOW).problem()).isEqualTo("invalid-parameter");
        assertThat(put("?minutes=5", SLOW).status()).as("a forgotten dry_run changes nothing").isEqualTo(422);
        assertThat(put("", SLOW, "If-Match", "W/\"1\"").status()).isEqualTo(400);
        assertThat(client.get(POLICIES + "?history=21").status()).isEqualTo(400);
    }
}
