package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real traces, with and without a table, in many commits and few, keyed and not: always exactly the ids that somebody else
 * counted.
 */
class RealTracesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "default.otel-traces-raw";

    @TempDir
    private static Path data;

    @TempDir
    private Path folder;

    static Stream<String> sets() {
        return Stream.concat(RealSet.SMALL.stream(), Stream.of(RealSet.LARGE));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void decideKeepsExactlyTheCountedTraces(String name) throws IOException {
        RealSet set = RealSet.open(name, data);
        for (RealSet.Expectation expected : set.expectations(folder)) {
            List<String> lines = new Tss(folder).run("decide", "--policies", expected.policies().toString(), "--input",
                    set.lines().toString()).ok().lines();
            check(set, expected, lines);
            assertThat(lines).as("sorted by trace id").isSortedAccordingTo(
                    (a, b) -> traceId(a).compareTo(traceId(b)));
        }
    }

    static Stream<Arguments> loads() {
        List<Arguments> loads = new ArrayList<>();
        sets().forEach(set -> {
            for (int commits : new int[]{1, 20, 200}) {
                loads.add(Arguments.of(set, commits, "--keyed"));
                loads.add(Arguments.of(set, commits, "--unkeyed"));
            }
        });
        return loads.stream();
    }

    @ParameterizedTest
    @MethodSource("loads")
    void scanKeepsExactlyTheCountedTraces(String name, int commits, String keys) throws IOException {
        RealSet set = RealSet.open(name, data);
        new Tss(folder).run("load", "--table", TABLE, "--commits", Integer.toString(commits), keys,
                set.lines().toString()).ok();
        for (RealSet.Expectation expected : set.expectations(folder)) {
            // A ledger of its own for each policy set, and so decisions of its own; the loaded table is the same.
            Tss tss = new Tss(folder).with("TSS_STORAGE_ICEBERG_NAMESPACE", expected.name());
            Path exported = folder.resolve(expected.name() + ".otlp.jsonl");
            JsonNode report = JSON.readTree(tss.run("scan", "--once", "--table", TABLE, "--policies",
                    expected.policies().toString(), "--export-file", exported.toString(), "--output", "json").ok()
                    .out());
            check(set, expected, tss.run("decisions", "--table", TABLE, "--output", "json").ok().lines());
            checkReport(set, expected, report);
            assertThat(exportedSpans(exported)).isEqualTo(keptSpans(set, expected));
        }
    }

    private static void check(RealSet set, RealSet.Expectation expected, List<String> lines) throws IOException {
        Set<String> kept = new TreeSet<>();
        for (String line : lines) {
            JsonNode decision = JSON.readTree(line);
            String id = decision.get("trace_id").asText();
            assertThat(decision.get("span_count").asInt()).as("spans of %s", id).isEqualTo(set.spans(id));
            if (decision.get("outcome").asText().equals("SAMPLED")) {
                assertThat(decision.get("threshold").asText()).isEqualTo("0");
                kept.add(id);
            }
        }
        assertThat(lines).hasSize(expected.traces());
        assertThat(kept).as("%s, policies %s", set, expected.name()).isEqualTo(expected.kept());
    }

    private static void checkReport(RealSet set, RealSet.Expectation expected, JsonNode report) {
        assertThat(report.get("traces_sampled").asInt()).isEqualTo(expected.kept().size());
        assertThat(report.get("traces_completed").asInt()).isEqualTo(expected.traces());
        assertThat(report.get("traces_open").asInt()).isZero();
        assertThat(report.get("spans_read").asInt()).isEqualTo(set.facts().get("spans").asInt());
        assertThat(report.get("spans_exported")).isEqualTo(report.get("spans_sampled"));
    }

    private static Map<String, Integer> keptSpans(RealSet set, RealSet.Expectation expected) {
        Map<String, Integer> spans = new HashMap<>();
        expected.kept().forEach(id -> spans.put(id, set.spans(id)));
        return spans;
    }

    private static Map<String, Integer> exportedSpans(Path exported) throws IOException {
        Map<String, Integer> spans = new HashMap<>();
        try (Stream<String> lines = Files.lines(exported)) {
            for (String line : (Iterable<String>) lines::iterator) {
                JSON.readTree(line).findValues("spans").forEach(
                        list -> list.forEach(span -> spans.merge(span.get("traceId").asText(), 1, Integer::sum)));
            }
        }
        return spans;
    }

    private static String traceId(String line) {
        return line.substring(line.indexOf("\"trace_id\":\"") + 12).substring(0, 32);
    }
}
