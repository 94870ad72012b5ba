package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees of the commands: results, sentences, exit codes. */
class CommandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "default.otel-traces-raw";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String ERROR_SPAN = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},\
            "scopeSpans":[{"spans":[{"traceId":"%s","spanId":"00f067aa0ba902b7","name":"checkout",\
            "startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000650800000","status":{"code":2}}]}]}]}
            """.formatted(TRACE);
    private static final String POLICIES = """
            policies:
              - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
              - {name: slow, type: latency, latency: {threshold_ms: 650}}
            """;

    @TempDir
    private Path folder;

    private Tss tss;
    private Path policies;
    private Path spans;

    @BeforeEach
    void writeFiles() throws IOException {
        tss = new Tss(folder.resolve("home"));
        policies = Files.writeString(folder.resolve("policies.yaml"), POLICIES);
        spans = Files.writeString(folder.resolve("spans.jsonl"), ERROR_SPAN);
    }

    @Test
    void decidePrintsOneLinePerTraceInTheDocumentedForm() throws IOException {
        Tss.Result result = tss.run("decide", "--policies", policies.toString(), "--input", spans.toString()).ok();

        assertThat(JSON.readTree(result.out())).isEqualTo(JSON.readTree(
                """
                        {"trace_id":"0af7651916cd43dd8448eb211c80319c","outcome":"SAMPLED","policy":"errors",
                         "reason":"sampled by errors: status_code in [ERROR]","threshold":"0","adjusted_count":1.0,
                         "incoming_threshold":null,"randomness":"48eb211c80319c","span_count":1,"duration_ms":650.8,"votes":[{"policy":"errors","vote":"SAMPLED"},{"policy":"slow","vote":"SAMPLED"}],
                         "policies_file":"%s"}
                        """
                        .formatted(policies)));
        assertThat(result.lines()).hasSize(1);
        assertThat(folder.resolve("home")).as("decide needs no home").doesNotExist();
    }

    /** Half of the traces came, and a quarter is kept of these that are slow: each stands for four that there were. */
    @Test
    void whatSamplersBeforeDidIsTakenIntoAccount() throws IOException {
        Files.writeString(spans, ERROR_SPAN.replace("\"name\"", "\"traceState\":\"a=b,ot=th:8;rv:%s\",\"name\""
                .formatted("f".repeat(14))));
        Files.writeString(policies, """
                policies:
                  - {name: quarter, type: probabilistic, probabilistic: {sampling_percentage: 25}}
                """);
        JsonNode decided = JSON.readTree(tss.run("decide", "--policies", policies.toString(), "--input",
                spans.toString()).ok().out());
        tss.run("load", "--table", TABLE, spans.toString()).ok();
        tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString()).ok();
        JsonNode logged = JSON.readTree(tss.run("decisions", "--output", "json").ok().out());
        String exported = Files.readString(folder.resolve("home/export/" + TABLE + ".otlp.jsonl"));

        for (JsonNode decision : List.of(decided, logged)) {
            assertThat(decision.get("threshold").asText()).isEqualTo("c");
            assertThat(decision.get("incoming_threshold").asText()).isEqualTo("8");
            assertThat(decision.get("randomness").asText()).isEqualTo("ffffffffffffff");
            assertThat(decision.get("adjusted_count").asDouble()).isEqualTo(4);
        }
        assertThat(JSON.readTree(exported).findValue("traceState").asText())
                .isEqualTo("ot=rv:ffffffffffffff;th:c,a=b");
    }

    @Test
    void aBadLineIsNamedAndTheOthersAreDecided() throws IOException {
        Files.writeString(spans,
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"xyz\"}]}]}]}\n" + ERROR_SPAN);

        Tss.Result result = tss.run("decide", "--policies", policies.toString(), "--input", spans.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.lines()).hasSize(1);
        assertThat(result.err()).contains("spans.jsonl, line 1 is skipped", "traceId");
    }

    @Test
    void aTornFileIsNamed() throws IOException {
        Path torn = Files.write(folder.resolve("torn.gz"), new byte[]{0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1});

        for (String commits : List.of("1", "20")) {
            Tss.Result result = tss.run("load", "--table", TABLE, "--commits", commits, torn.toString());
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("cannot read " + torn).hasLineCount(1);
        }
    }

    @Test
    void theLayoutOfTheTableMayBeNamedOrDescribed() throws IOException {
        tss.run("load", "--table", TABLE, spans.toString()).ok();
        tss.with("TSS_STORAGE_ICEBERG_LAYOUT", "automq-rawish");
        Tss.Result unknown = scan();
        tss.with("TSS_STORAGE_ICEBERG_LAYOUT", "rotel");
        Tss.Result other = scan();
        Path mapping = Files.writeString(folder.resolve("ours.yaml"), """
                rows: messages
                value: {column: _kafka_value, encoding: otlp}
                position: {partition: _kafka_metadata.partition, offset: _kafka_metadata.offset}
                arrival: {column: _kafka_metadata.timestamp, unit: ms}
                """);
        tss.with("TSS_STORAGE_ICEBERG_LAYOUT", mapping.toString());

        assertThat(unknown.exitCode()).isNotZero();
        assertThat(unknown.err()).contains("storage.iceberg.layout must be auto, one of automq-raw, ")
                .contains("did you mean automq-raw?");
        assertThat(other.exitCode()).isNotZero();
        assertThat(other.err()).contains("has the columns _kafka_value (binary), ")
                .contains("does not fit the layout rotel: column trace_id is missing");
        scan().ok();
        assertThat(tss.run("explain", TRACE).ok().out()).contains("checkout")
                .doesNotContain("cannot be read");
    }

    private Tss.Result scan() {
        return tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString());
    }

    @Test
    void loadScanDecisionsAndExplainTellTheSameStory() throws IOException {
        tss.run("load", "--table", TABLE, spans.toString()).ok();
        JsonNode report = JSON.readTree(tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString(),
                "--output", "json").ok().out());
        JsonNode decision = JSON.readTree(tss.run("decisions", "--output", "json").ok().out());
        String explained = tss.run("explain", TRACE).ok().out();

        assertThat(report.get("traces_sampled").asInt()).isEqualTo(1);
        assertThat(report.get("spans_exported").asInt()).isEqualTo(1);
        assertThat(decision.get("trace_id").asText()).isEqualTo(TRACE);
        assertThat(decision.get("root_service").asText()).isEqualTo("shop");
        assertThat(decision.get("votes")).hasSize(2);
        assertThat(explained).contains("SAMPLED", "errors", "the trace lasted 650.8 ms", "root shop checkout");
        assertThat(Files.readString(folder.resolve("home/export/" + TABLE + ".otlp.jsonl"))).contains(TRACE);
    }

    @Test
    void lintNamesThePlaceAndTheTrap() throws IOException {
        Files.writeString(policies, """
                num_traces: 5
                policies:
                  - {name: slow, type: latency, latency: {threshold_ms: 0}}
                """);

        Tss.Result text = tss.run("policies", "lint", policies.toString());
        Tss.Result json = tss.run("policies", "lint", "--output", "json", policies.toString());

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.lines()).hasSize(2).last().asString()
                .startsWith(policies + ":3:57: warning [latency-zero] every trace");
        JsonNode hint = JSON.readTree(json.lines().getFirst());
        assertThat(hint.get("severity").asText()).isEqualTo("hint");
        assertThat(hint.get("line").asInt()).isEqualTo(1);
        assertThat(hint.get("code").asText()).isEqualTo("unused-setting");
        assertThat(hint.get("message").asText()).startsWith("num_traces is not used");
    }

    @Test
    void hintsAloneFailOnlyWhenStrict() throws IOException {
        Files.writeString(policies, "num_traces: 5\n" + POLICIES);

        assertThat(tss.run("policies", "lint", policies.toString()).ok().lines()).hasSize(1);
        assertThat(tss.run("policies", "lint", "--strict", policies.toString()).exitCode()).isEqualTo(1);
        assertThat(tss.run("policies", "lint", folder.resolve("none.yaml").toString()).exitCode()).isEqualTo(2);
    }

    @Test
    void explainShowsTheSpansThatCausedEachVote() throws IOException {
        decideByLoading();

        String text = tss.run("explain", TRACE).ok().out();
        JsonNode json = JSON.readTree(tss.run("explain", "--output", "json", TRACE).ok().out());

        assertThat(text).contains("  because of the 2 policies that sample the trace 2 have the lowest threshold",
                "  > SAMPLED            errors: status_code in [ERROR], threshold 0",
                "      span 00f067aa0ba902b7 \"checkout\" of shop: span.status = \"ERROR\"",
                "latest end 2023-11-14T22:13:20.650800Z").doesNotContain("note:");
        JsonNode errors = json.get("findings").get(0);
        assertThat(errors.get("part").asText()).isEqualTo("DECIDED");
        assertThat(errors.get("evidence")).isEqualTo(JSON.readTree("""
                [{"span_id":"00f067aa0ba902b7","span_name":"checkout","service":"shop",\
                "found":"span.status = \\"ERROR\\""}]
                """));
        assertThat(json.get("remarks")).isEmpty();
    }

    @Test
    void explainTellsWhatTheRecordedFactsSayWhenTheSpansAreGone() throws IOException {
        decideByLoading();
        List<Path> files;
        try (Stream<Path> all = Files.walk(tss.home())) {
            files = all.filter(file -> file.toString().contains("otel-traces-raw")
                    && file.toString().endsWith(".parquet")).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }

        String text = tss.run("explain", TRACE).ok().out();

        assertThat(files).isNotEmpty();
        assertThat(text).contains("note: its spans cannot be read, so this is what the recorded facts tell",
                "span statuses seen: [ERROR]", "the trace lasted 650.8 ms").doesNotContain("span 00f067aa0ba902b7");
    }

    private void decideByLoading() {
        tss.run("load", "--table", TABLE, spans.toString()).ok();
        tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString()).ok();
    }

    @Test
    void aSecondScanReadsNothingAndDecidesNothing() throws IOException {
        tss.run("load", "--table", TABLE, spans.toString()).ok();
        tss.run("scan", "--once", "--table", TABLE).ok();

        JsonNode report = JSON.readTree(tss.run("scan", "--once", "--table", TABLE, "--output", "json").ok().out());

        assertThat(report.get("rows_read").asInt()).isZero();
        assertThat(report.get("traces_completed").asInt()).isZero();
        assertThat(tss.run("decisions").ok().lines()).hasSize(1);
    }

    @Test
    void lateSpansFollowTheirDecisionAndAreExportedToo() throws IOException {
        tss.run("load", "--table", TABLE, spans.toString()).ok();
        tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString()).ok();
        Files.writeString(spans, ERROR_SPAN.replace("00f067aa0ba902b7", "00f067aa0ba902b8").replace("\"code\":2", ""));
        tss.run("load", "--table", TABLE, spans.toString()).ok();

        JsonNode report = JSON.readTree(tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString(),
                "--output", "json").ok().out());

        assertThat(report.get("traces_late").asInt()).isEqualTo(1);
        assertThat(report.get("spans_exported").asInt()).isEqualTo(1);
        assertThat(tss.run("decisions").ok().lines()).hasSize(1);
        assertThat(tss.run("decisions", "--late").ok().lines()).hasSize(2);
    }

    @Test
    void freshTracesStayOpenUntilTheTableIsDrained() throws IOException {
        long now = System.currentTimeMillis() * 1_000_000;
        Files.writeString(spans, ERROR_SPAN.replace("1700000000000000000", Long.toString(now - 1_000_000))
                .replace("1700000000650800000", Long.toString(now)));
        tss.run("load", "--table", TABLE, spans.toString()).ok();

        Tss.Result open = tss.run("scan", "--once", "--table", TABLE, "--output", "json").ok();
        Tss.Result drained = tss.run("scan", "--once", "--drain", "--table", TABLE, "--output", "json").ok();

        assertThat(JSON.readTree(open.out()).get("traces_open").asInt()).isEqualTo(1);
        assertThat(open.err()).contains("--drain");
        assertThat(JSON.readTree(drained.out()).get("traces_sampled").asInt()).isEqualTo(1);
    }

    @Test
    void anUnreachableDestinationFailsTheScanAndLosesNothing() throws IOException {
        tss.with("TSS_EXPORT_OTLP_HTTP_MAX_ATTEMPTS", "1");
        tss.run("load", "--table", TABLE, spans.toString()).ok();

        Tss.Result failed = tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString(),
                "--export-otlp", "http://127.0.0.1:9/v1/traces");
        Path file = folder.resolve("kept.jsonl");
        Tss.Result mended = tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString(),
                "--export-file", file.toString());

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("http://127.0.0.1:9/v1/traces cannot be reached");
        mended.ok();
        assertThat(Files.readString(file)).contains(TRACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"load", "generate", "scan", "run", "decide", "decisions", "explain", "rules", "config"})
    void everyCommandHasHelp(String command) {
        Tss.Result result = tss.run(command, "--help").ok();

        assertThat(result.out()).startsWith("Usage: tss " + command);
    }

    @Test
    void wrongUseIsExitCode2AndOneSentence() {
        for (List<String> arguments : List.<List<String>>of(List.of(), List.of("scna"), List.of("load"),
                List.of("scan", "--once", "--table", "no-namespace"),
                List.of("scan", "--once", "--table", "default..x"), List.of("scan", "--once", "--table", "d.a/b"),
                List.of("explain", "xyz"),
                List.of("load", "--commits", "0", spans.toString()), List.of("generate", "--traces", "1"),
                List.of("decide", "--policies", folder.resolve("missing.yaml").toString()),
                List.of("config", "--config", folder.resolve("missing.yaml").toString()))) {
            Tss.Result result = tss.run(arguments.toArray(String[]::new));
            assertThat(result.exitCode()).as("exit code of %s: %s", arguments, result.err()).isEqualTo(2);
            assertThat(result.err()).as("%s", arguments).isNotBlank().doesNotContain("\tat ");
        }
    }

    @Test
    void invalidPoliciesAreExitCode2AndNameThePolicyAndTheField() throws IOException {
        Files.writeString(policies, "policies: [{name: slow, type: latency, latency: {treshold_ms: 5}}]");

        Tss.Result result = tss.run("decide", "--policies", policies.toString(), "--input", spans.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("slow", "treshold_ms", "threshold_ms").hasLineCount(1);
    }

    @Test
    void unknownConfigurationIsExitCode2AndNamesTheNearestKey() {
        Tss.Result result = tss.with("TSS_KAFKA_BROKER", "x").run("config");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("TSS_KAFKA_BROKER").hasLineCount(1);
    }

    @Test
    void configPrintsWhatIsInEffectWithoutSecrets() {
        Tss.Result result = tss.with("TSS_DATADOG_API_KEY", "s3cr3t").with("TSS_KAFKA_BROKERS", "kafka:29092")
                .run("config").ok();

        assertThat(result.out()).contains("kafka:29092").doesNotContain("s3cr3t");
    }

    @Test
    void aMissingTableIsOneSentenceWithTheRemedy() {
        Tss.Result result = tss.run("scan", "--once", "--table", "default.missing");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("default.missing does not exist", "automq.table.topic.enable")
                .hasLineCount(1);
    }

    @Test
    void twoScansOfOneTableDoNotRunAtOnce() {
        tss.run("load", "--table", TABLE, spans.toString()).ok();
        try (TableLock lock = TableLock.acquire(tss.home(), TABLE)) {
            assertThat(lock).isNotNull();

            Tss.Result result = tss.run("scan", "--once", "--table", TABLE);

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("another process is scanning " + TABLE);
        }
    }

    @Test
    void generateGivesTheSameTracesToFileAndTable() throws IOException {
        Path file = folder.resolve("generated.jsonl.gz");
        tss.run("generate", "--traces", "50", "--seed", "9", "--profile", "small", "--out", file.toString()).ok();
        tss.run("generate", "--traces", "50", "--seed", "9", "--profile", "small", "--keyed", "--table", TABLE).ok();
        tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString()).ok();

        List<String> fromFile = tss.run("decide", "--policies", policies.toString(), "--input", file.toString()).ok()
                .lines().stream().map(CommandsTest::verdict).toList();
        List<String> fromTable = tss.run("decisions", "--output", "json").ok().lines().stream()
                .map(CommandsTest::verdict).sorted().toList();

        assertThat(fromTable).isEqualTo(fromFile).hasSize(50);
    }

    private static String verdict(String line) {
        try {
            JsonNode decision = JSON.readTree(line);
            return decision.get("trace_id").asText() + " " + decision.get("outcome") + decision.get("span_count")
                    + decision.get("duration_ms") + decision.get("votes");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
