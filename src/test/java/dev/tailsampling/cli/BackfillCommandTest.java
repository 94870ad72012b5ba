package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user sees of backfills, with traces that others recorded. */
class BackfillCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "default.otel-traces-raw";

    @TempDir
    private static Path data;

    @TempDir
    private Path folder;

    private Tss tss;

    @BeforeEach
    void open() {
        tss = new Tss(folder.resolve("home"));
    }

    static Stream<String> sets() {
        return RealSet.SMALL.stream();
    }

    /** Nothing of the set is older or younger. */
    private Tss.Result backfill(RealSet.Expectation expected, String... more) {
        return backfill(expected, List.of("--from", "2000-01-01", "--to", "-10m"), more);
    }

    private Tss.Result backfill(RealSet.Expectation expected, List<String> range, String... more) {
        List<String> arguments = new ArrayList<>(List.of("backfill", "--table", TABLE, "--policies",
                expected.policies().toString(), "--output", "json"));
        arguments.addAll(range);
        arguments.addAll(List.of(more));
        return tss.run(arguments.toArray(String[]::new));
    }

    private RealSet load(String name) {
        RealSet set = RealSet.open(name, data);
        tss.run("load", "--table", TABLE, "--commits", "5", set.lines().toString()).ok();
        return set;
    }

    @ParameterizedTest
    @MethodSource("sets")
    void everyModeKeepsExactlyTheCountedTraces(String name) throws IOException {
        RealSet set = load(name);
        for (RealSet.Expectation expected : set.expectations(folder)) {
            for (String mode : List.of("dry-run", "record", "export")) {
                JsonNode report = JSON.readTree(backfill(expected, "--mode", mode).ok().out());
                assertThat(report.get("traces_sampled").asInt()).as("%s, %s", name, mode)
                        .isEqualTo(expected.kept().size());
                assertThat(report.get("traces_sampled").asInt() + report.get("traces_not_sampled").asInt())
                        .isEqualTo(expected.traces());
                assertThat(report.get("spans_sampled").asInt() + report.get("spans_not_sampled").asInt())
                        .isEqualTo(set.facts().get("spans").asInt());
                assertThat(report.get("ended").asBoolean()).isTrue();
            }
        }
    }

    @Test
    void aDryRunWritesNothing() throws IOException {
        RealSet set = load("zipkin-lens");
        backfill(set.expectations(folder).getFirst(), "--mode", "dry-run").ok();

        assertThat(tss.run("decisions").ok().out()).isEmpty();
        assertThat(folder.resolve("home/export")).doesNotExist();
    }

    @Test
    void recordedDecisionsStandUnderTheRunAndAreExplained() throws IOException {
        RealSet set = load("opensearch-otel");
        RealSet.Expectation expected = set.expectations(folder).getFirst();
        backfill(expected, "--mode", "record", "--run-id", "may").ok();

        Set<String> kept = new TreeSet<>();
        for (String line : tss.run("decisions", "--run", "may", "--output", "json").ok().lines()) {
            JsonNode decision = JSON.readTree(line);
            assertThat(decision.get("backfill_mode").asText()).isEqualTo("record");
            assertThat(decision.get("table").asText()).isEqualTo(TABLE);
            if (decision.get("outcome").asText().equals("SAMPLED")) {
                kept.add(decision.get("trace_id").asText());
            }
        }
        assertThat(kept).isEqualTo(expected.kept());
        assertThat(tss.run("decisions", "--live").ok().out()).isEmpty();
        assertThat(tss.run("explain", kept.iterator().next()).ok().out()).contains("of backfill run may");
    }

    /** The scanner knows nothing of the backfill before it, and the export of one after it has nothing left to do. */
    @Test
    void theScannerAndBackfillsKeepApart() throws IOException {
        RealSet set = load("opensearch-otel");
        RealSet.Expectation expected = set.expectations(folder).getFirst();
        backfill(expected, "--mode", "record").ok();
        JsonNode scanned = JSON.readTree(tss.run("scan", "--once", "--table", TABLE, "--policies",
                expected.policies().toString(), "--output", "json").ok().out());
        JsonNode exported = JSON.readTree(backfill(expected, "--mode", "export").ok().out());

        assertThat(scanned.get("traces_sampled").asInt()).isEqualTo(expected.kept().size());
        assertThat(scanned.get("traces_late").asInt()).isZero();
        assertThat(exported.get("traces_exported_before").asInt()).isEqualTo(expected.kept().size());
        assertThat(exported.get("spans_exported").asInt()).isZero();
        assertThat(tss.run("decisions", "--live").ok().lines()).hasSize(expected.traces());
    }

    @Test
    void aSecondExportSendsOnlyWhatTheFirstDidNot() throws IOException {
        RealSet set = load("opensearch-otel");
        List<RealSet.Expectation> policySets = set.expectations(folder);
        RealSet.Expectation first = policySets.getFirst();
        RealSet.Expectation second = policySets.getLast();
        Path file = folder.resolve("second.jsonl");
        JsonNode sent = JSON.readTree(backfill(first, "--mode", "export").ok().out());
        backfill(second, "--mode", "export", "--export-file", file.toString()).ok();

        assertThat(sent.get("spans_exported")).isEqualTo(sent.get("spans_sampled"));
        Set<String> expected = new TreeSet<>(second.kept());
        expected.removeAll(first.kept());
        assertThat(first.kept()).isNotEqualTo(second.kept());
        assertThat(traces(file)).isEqualTo(expected);
    }

    private static Set<String> traces(Path file) throws IOException {
        Set<String> traces = new TreeSet<>();
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            traces.addAll(JSON.readTree(line).findValuesAsText("traceId"));
        }
        return traces;
    }

    @Test
    void forceRulesApplyToThePastOnlyWhenAsked() throws IOException {
        RealSet set = load("zipkin-lens");
        RealSet.Expectation expected = set.expectations(folder).getFirst();
        Path rule = Files.writeString(folder.resolve("rule.json"), """
                {"description": "all", "duration_secs": 3600, "action": "force_drop",
                 "match": {"resource": [{"key": "service.name", "op": "exists"}]}}
                """);
        tss.run("rules", "add", rule.toString()).ok();

        JsonNode without = JSON.readTree(backfill(expected).ok().out());
        JsonNode with = JSON.readTree(backfill(expected, "--with-rules").ok().out());
        assertThat(without.get("traces_dropped").asInt()).isZero();
        assertThat(with.get("traces_dropped").asInt()).isEqualTo(expected.traces());
        assertThat(with.get("policies").size()).isOne();
    }

    @Test
    void aRunThatEndedSaysSoAndIsNotDoneAgain() throws IOException {
        RealSet set = load("zipkin-lens");
        RealSet.Expectation expected = set.expectations(folder).getFirst();
        JsonNode first = JSON.readTree(backfill(expected, "--mode", "record", "--run-id", "may").ok().out());
        Tss.Result again = backfill(expected, List.of(), "--run-id", "may").ok();

        assertThat(again.err()).contains("Run may ended ");
        assertThat(JSON.readTree(again.out())).isEqualTo(first);
        assertThat(tss.run("decisions", "--run", "may").ok().lines()).hasSize(expected.traces());
    }

    @Test
    void anotherTaskUnderTheSameRunIdIsRefused() {
        RealSet set = load("zipkin-lens");
        RealSet.Expectation expected = set.expectations(folder).getFirst();
        List<String> range = List.of("--from", "2000-01-01", "--to", "2026-01-01");
        backfill(expected, range, "--mode", "record", "--run-id", "may").ok();

        refused("run may was started with mode record, not export",
                backfill(expected, range, "--mode", "export", "--run-id", "may"));
        refused("run may was started with from 2000-01-01T00:00:00Z, not 2001-01-01T00:00:00Z", backfill(expected,
                List.of("--from", "2001-01-01", "--to", "2026-01-01"), "--mode", "record", "--run-id", "may"));
        refused("run may was started with policies", tss.run("backfill", "--table", TABLE, "--policies",
                set.expectations(folder).getLast().policies().toString(), "--run-id", "may"));
    }

    @Test
    void wrongArgumentsAreNamed() {
        RealSet set = load("zipkin-lens");
        RealSet.Expectation expected = set.expectations(folder).getFirst();

        refused("--to is missing", backfill(expected, List.of("--from", "-2h")));
        refused("--to is in the future",
                backfill(expected, List.of("--from", "-2h", "--to", Instant.now().plusSeconds(3_600).toString())));
        refused("--from must be before --to", backfill(expected, List.of("--from", "-2h", "--to", "-3h")));
        refused("--from is before 1970", backfill(expected, List.of("--from", "1969-12-31", "--to", "-3h")));
        refused("--mode is one of dry-run, record, export: send", backfill(expected, "--mode", "send"));
        refused("a dry run cannot go on", backfill(expected, "--mode", "dry-run", "--run-id", "may"));
        refused("there is no run may yet", backfill(expected, "--run-id", "may"));
        refused("--run-id is made of", backfill(expected, "--mode", "record", "--run-id", "a#b"));
        refused("--slice must be at least 1 second", backfill(expected, "--slice", "0"));
        refused("more than 100000 slices", backfill(expected, "--slice", "1"));
    }

    private static void refused(String sentence, Tss.Result result) {
        assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(sentence);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aRangeThatIsNotCompleteIsRefused() {
        RealSet set = load("zipkin-lens");
        Tss.Result result = backfill(set.expectations(folder).getFirst(), List.of("--from", "-2h", "--to", "-1s"));

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("is complete up to", "let the range end earlier, or wait");
    }

    @Test
    void oneRunIsDoneByOneProcess() {
        RealSet set = load("zipkin-lens");
        RealSet.Expectation expected = set.expectations(folder).getFirst();
        try (TableLock lock = TableLock.ofRun(tss.home(), "may");
                TableLock scanner = TableLock.acquire(tss.home(), TABLE)) {
            Tss.Result result = backfill(expected, "--mode", "record", "--run-id", "may");
            assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(result.err()).contains("another process is working on backfill run may");
            assertThat(lock).isNotEqualTo(scanner);
            backfill(expected, "--mode", "record", "--run-id", "june").ok();
        }
    }

    @Test
    void thePlainReportAddsUp() {
        RealSet set = load("opensearch-hotrod");
        RealSet.Expectation expected = set.expectations(folder).getFirst();
        String report = tss.run("backfill", "--table", TABLE, "--policies", expected.policies().toString(), "--from",
                "2000-01-01", "--to", "-10m").ok().out();

        assertThat(report).contains("dry run, nothing is recorded", "sampled", "in all", "Kept ");
    }
}
