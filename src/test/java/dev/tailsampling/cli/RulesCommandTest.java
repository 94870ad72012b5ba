package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees of force rules, from the command that makes one to the decision that it takes. */
class RulesCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "default.otel-traces-raw";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String RULE = """
            {"description": "Debug checkout", "duration_secs": 3600, "priority": 100,
             "match": {"resource": [{"key": "service.name", "op": "eq", "value": "shop"}],
                       "span": [{"key": "http.route", "op": "starts_with", "value": "/pay"}]},
             "action": "force_keep"}
            """;
    private static final String SPAN = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},\
            "scopeSpans":[{"spans":[{"traceId":"%s","spanId":"%s","name":"work",\
            "attributes":[{"key":"http.route","value":{"stringValue":"%s"}}],\
            "startTimeUnixNano":"%d","endTimeUnixNano":"%d"}]}]}]}
            """;

    @TempDir
    private Path folder;

    private Tss tss;
    private Path file;

    @BeforeEach
    void writeFiles() throws IOException {
        tss = new Tss(folder.resolve("home"));
        file = Files.writeString(folder.resolve("rule.json"), RULE);
    }

    private String add() throws IOException {
        return json(tss.run("rules", "add", file.toString(), "--output", "json")).get("id").asText();
    }

    private static JsonNode json(Tss.Result result) throws IOException {
        return JSON.readTree(result.ok().out());
    }

    /** A span that arrives now, so that its trace stays open until the table is drained. */
    private void load(String spanId, String route) throws IOException {
        long now = System.currentTimeMillis() * 1_000_000;
        Path spans = Files.writeString(folder.resolve("spans.jsonl"),
                SPAN.formatted(TRACE, spanId, route, now - 1_000_000, now));
        tss.run("load", "--table", TABLE, spans.toString()).ok();
    }

    private JsonNode scan(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("scan", "--once", "--table", TABLE, "--output", "json"));
        arguments.addAll(List.of(more));
        return json(tss.run(arguments.toArray(String[]::new)));
    }

    @Test
    void addedRuleIsListedAndShown() throws IOException {
        JsonNode added = json(tss.run("rules", "add", file.toString(), "--output", "json"));
        String id = added.get("id").asText();

        assertThat(id).matches("[0-9a-f]{12}");
        assertThat(added.get("match")).isEqualTo(JSON.readTree(RULE).get("match"));
        assertThat(added.get("enabled").asBoolean()).isTrue();
        assertThat(json(tss.run("rules", "get", id, "--output", "json"))).isEqualTo(added);
        assertThat(json(tss.run("rules", "list", "--output", "json"))).isEqualTo(added);
        assertThat(tss.run("rules", "list").ok().out()).containsOnlyOnce(id).contains("active", "priority 100",
                "force_keep  until " + added.get("expires_at").asText(),
                "resource(service.name eq \"shop\") and span(http.route starts_with \"/pay\")", "# Debug checkout");
    }

    @Test
    void aRuleIsReadFromStandardInput() throws IOException {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(RULE.getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(json(tss.run("rules", "add", "-", "--output", "json")).get("priority").asInt()).isEqualTo(100);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aRuleIsDisabledEnabledExtendedAndDeletedAndThatStaysOnRecord() throws IOException {
        String id = add();

        assertThat(json(tss.run("rules", "disable", id, "--output", "json")).get("enabled").asBoolean()).isFalse();
        assertThat(tss.run("rules", "list").ok().out()).contains("disabled");
        assertThat(tss.run("rules", "list", "--active").ok().out()).isEmpty();
        assertThat(json(tss.run("rules", "enable", id, "--output", "json")).get("enabled").asBoolean()).isTrue();
        String before = json(tss.run("rules", "get", id, "--output", "json")).get("expires_at").asText();
        String after =
                json(tss.run("rules", "extend", id, "60", "--output", "json")).get("expires_at").asText();
        assertThat(Instant.parse(after)).isEqualTo(Instant.parse(before).plusSeconds(60));
        assertThat(tss.run("rules", "get", id).ok().lines()).hasSize(5).last().asString()
                .contains("extended", "by " + System.getProperty("user.name"), after);
        assertThat(tss.run("rules", "delete", id).ok().out()).contains("deleted force rule " + id);
        assertThat(tss.run("rules", "list").ok().out()).isEmpty();
    }

    @Test
    void expiredRulesAreCleanedUp() throws IOException {
        Files.writeString(file, RULE.replace("3600", "1"));
        add();
        Files.writeString(file, RULE);
        String lasting = add();
        tss.passTime(Duration.ofSeconds(1));

        assertThat(tss.run("rules", "list").ok().out()).contains("expired");
        assertThat(tss.run("rules", "cleanup").ok().out()).contains("deleted 1 expired");
        assertThat(tss.run("rules", "list").ok().lines()).hasSize(1).first().asString().contains(lasting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "enable", "disable", "delete"})
    void unknownRuleIsExitCode1AndOneSentence(String command) {
        Tss.Result result = tss.run("rules", command, "nope");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("there is no force rule nope").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "get", "add", "extend", "enable", "disable", "delete", "cleanup"})
    void everySubcommandHasHelp(String command) {
        assertThat(tss.run("rules", command, "--help").ok().out()).startsWith("Usage: tss rules " + command);
    }

    @Test
    void wrongUseIsExitCode2() throws IOException {
        Files.writeString(file, RULE.replace("\"op\": \"eq\"", "\"op\": \"equals\""));
        Tss.Result wrong = tss.run("rules", "add", file.toString());

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("rule.json, line 2", "match.resource.op must be of eq, ").hasLineCount(1);
        for (List<String> arguments : List.<List<String>>of(List.of("rules"), List.of("rules", "add"),
                List.of("rules", "lst"), List.of("rules", "add", folder.resolve("missing").toString()),
                List.of("rules", "extend", "x", "soon"))) {
            assertThat(tss.run(arguments.toArray(String[]::new)).exitCode()).as("%s", arguments).isEqualTo(2);
        }
    }

    @Test
    void tooLongAnExtensionIsExitCode1() throws IOException {
        Tss.Result result = tss.run("rules", "extend", add(), "99999999");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("30 days from now").hasLineCount(1);
    }

    /** The trace was open already, only its first span matches, and three processes take part. */
    @Test
    void aRuleMadeWhileATraceIsOpenKeepsItBecauseOfAnEarlierSpan() throws IOException {
        load("00f067aa0ba902b7", "/pay/now");
        assertThat(scan().get("traces_open").asInt()).isEqualTo(1);
        String id = add();
        load("00f067aa0ba902b8", "/cart");
        JsonNode report = scan("--drain");

        assertThat(report.get("traces_force_sampled").asInt()).isEqualTo(1);
        assertThat(report.get("force_rule_matches").get(id).asInt()).isEqualTo(1);
        assertThat(report.get("spans_exported").asInt()).isEqualTo(2);
        JsonNode decision = json(tss.run("decisions", "--output", "json"));
        assertThat(decision.get("policy").asText()).isEqualTo("force_rule:" + id);
        assertThat(decision.get("policy_set")).isEqualTo(report.get("policy_set"));
        tss.run("rules", "delete", id).ok();
        assertThat(tss.run("explain", TRACE).ok().out()).as("explained with the rule, though it was deleted")
                .contains("kept by force rule " + id + ": Debug checkout", "> SAMPLED            force_rule:" + id,
                        "span 00f067aa0ba902b7 \"work\" of shop: ", "span.http.route = \"/pay/now\"");
    }

    @Test
    void aRuleThatDropsIsReportedAndADisabledOneDoesNothing() throws IOException {
        Files.writeString(file, RULE.replace("force_keep", "force_drop"));
        String id = add();
        tss.run("rules", "disable", add()).ok();
        load("00f067aa0ba902b7", "/pay/now");

        String out = tss.run("scan", "--once", "--drain", "--table", TABLE).ok().out();

        assertThat(out).contains("Force rule " + id + " matched 1 traces.").containsOnlyOnce("Force rule");
        assertThat(json(tss.run("decisions", "--output", "json")).get("outcome").asText()).isEqualTo("DROPPED");
    }

    @Test
    void rulesDoNotCountWhenForceSamplingIsOff() throws IOException {
        add();
        load("00f067aa0ba902b7", "/pay/now");
        tss.with("TSS_FORCE_SAMPLING_ENABLED", "false");

        assertThat(scan("--drain").get("traces_force_sampled").asInt()).isZero();
    }
}
