package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, killed again and again in the middle of its cycles, and started once more. */
class KilledProcessIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "default.killed";
    private static final String POLICIES = """
            policies:
              - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
              - {name: half, type: probabilistic, probabilistic: {sampling_percentage: 50}}
            """;
    private static final int KILLS = 8;
    private static final long SEED = 20261122;

    @TempDir
    private Path folder;

    @Test
    void everyTraceIsDecidedOnceAndEverySampledSpanIsExported() throws IOException, InterruptedException {
        Tss tss = new Tss(folder);
        tss.run("generate", "--traces", "4000", "--seed", "5", "--profile", "small", "--rate", "20", "--late-share",
                "0.05", "--commit-interval", "8", "--table", TABLE).ok();
        tss.run("generate", "--traces", "4000", "--seed", "5", "--profile", "small", "--rate", "20", "--late-share",
                "0.05", "--out", folder.resolve("same.jsonl").toString()).ok();
        Path policies = Files.writeString(folder.resolve("policies.yaml"), POLICIES);
        Path exported = folder.resolve("exported.jsonl");

        int killed = killAgainAndAgain(() -> scan(policies, exported), exported);
        Process last = scan(policies, exported, "--drain");
        assertThat(last.waitFor()).as("exit code, log in %s", log()).isZero();

        assertThat(killed).as("scans that were killed before they ended").isGreaterThan(2);
        check(tss, spansByTrace(folder.resolve("same.jsonl")), spansByTrace(exported));
    }

    @Test
    void aBackfillEndsAsIfItHadNotBeenKilled() throws IOException, InterruptedException {
        Tss tss = new Tss(folder);
        tss.run("generate", "--traces", "3000", "--seed", "6", "--profile", "small", "--rate", "20", "--late-share",
                "0.05", "--commit-interval", "8", "--table", TABLE).ok();
        Path policies = Files.writeString(folder.resolve("policies.yaml"), POLICIES);
        Path exported = folder.resolve("exported.jsonl");
        tss.run(backfill("calm", "record", policies, exported)).ok();

        int killed = killAgainAndAgain(() -> start(backfill("killed", "export", policies, exported)), exported);
        Process last = start(backfill("killed", "export", policies, exported));
        assertThat(last.waitFor()).as("exit code, log in %s", log()).isZero();

        assertThat(killed).as("runs that were killed before they ended").isGreaterThan(2);
        List<String> decisions = decisions(tss, "killed");
        assertThat(decisions).hasSizeGreaterThan(2_500).isEqualTo(decisions(tss, "calm"));
        Map<String, Integer> sampled = new HashMap<>();
        for (String line : tss.run("decisions", "--run", "killed", "--late", "--outcome", "SAMPLED", "--output", "json")
                .ok().lines()) {
            sampled.merge(JSON.readTree(line).get("trace_id").asText(), JSON.readTree(line).get("span_count").asInt(),
                    Integer::sum);
        }
        Map<String, Integer> spans = new HashMap<>();
        spansByTrace(exported).forEach((trace, ids) -> spans.put(trace, ids.size()));
        assertThat(spans).isEqualTo(sampled);
    }

    private static String[] backfill(String runId, String mode, Path policies, Path exported) {
        return new String[]{"backfill", "--table", TABLE, "--policies", policies.toString(), "--export-file",
                exported.toString(), "--mode", mode, "--run-id", runId, "--slice", "4", "--from",
                "2025-01-01T00:00:10Z", "--to", "2025-01-01T00:02:20Z"};
    }

    private Process start(String... arguments) throws IOException {
        return JavaProcess.start(folder, List.of("-XX:TieredStopAtLevel=1"), Map.of(), log(), arguments);
    }

    /** Of one run, without what tells runs apart. */
    private static List<String> decisions(Tss tss, String run) throws IOException {
        List<String> decisions = new ArrayList<>();
        for (String line : tss.run("decisions", "--run", run, "--late", "--output", "json").ok().lines()) {
            ObjectNode decision = (ObjectNode) JSON.readTree(line);
            decision.remove(List.of("run_id", "decided_at", "backfill_mode"));
            decisions.add(decision.toString());
        }
        decisions.sort(null);
        return decisions;
    }

    /** Starts a process. */
    private interface Starting {
        Process start() throws IOException;
    }

    /** Kills each process a moment after its first export, somewhere in that cycle or in one of the next. */
    private int killAgainAndAgain(Starting starting, Path exported) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            long sizeBefore = sizeOf(exported);
            Process scan = starting.start();
            while (scan.isAlive() && sizeOf(exported) == sizeBefore) {
                scan.waitFor(2, TimeUnit.MILLISECONDS);
            }
            if (!scan.waitFor(random.nextInt(60), TimeUnit.MILLISECONDS)) {
                scan.destroyForcibly().waitFor();
                killed++;
            }
        }
        return killed;
    }

    private static long sizeOf(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private Process scan(Path policies, Path exported, String... more) throws IOException {
        return JavaProcess.start(folder, List.of("-XX:TieredStopAtLevel=1"),
                Map.of("TSS_STORAGE_ICEBERG_MAX_BYTES_PER_CYCLE", "1"), log(),
                Stream.concat(Stream.of("scan", "--once", "--table", TABLE, "--policies", policies.toString(),
                        "--export-file", exported.toString()), Stream.of(more)).toArray(String[]::new));
    }

    private Path log() {
        return folder.resolve("log.txt");
    }

    private static void check(Tss tss, Map<String, Set<String>> sent, Map<String, Set<String>> exported)
            throws IOException {
        Map<String, JsonNode> decisions = new HashMap<>();
        Map<String, Integer> spans = new HashMap<>();
        for (String line : tss.run("decisions", "--late", "--output", "json").ok().lines()) {
            JsonNode decision = JSON.readTree(line);
            String traceId = decision.get("trace_id").asText();
            spans.merge(traceId, decision.get("span_count").asInt(), Integer::sum);
            if (!decision.get("completion_reason").asText().equals("LATE_SPANS")) {
                assertThat(decisions.put(traceId, decision)).as("second decision on %s", traceId).isNull();
            }
        }
        assertThat(decisions.keySet()).isEqualTo(sent.keySet());
        sent.forEach((traceId, spanIds) -> {
            assertThat(spans.get(traceId)).as("spans accounted for in %s", traceId).isEqualTo(spanIds.size());
            boolean sampled = decisions.get(traceId).get("outcome").asText().equals("SAMPLED");
            assertThat(exported.getOrDefault(traceId, Set.of())).as("exported spans of %s", traceId)
                    .isEqualTo(sampled ? spanIds : Set.of());
        });
    }

    private static Map<String, Set<String>> spansByTrace(Path file) throws IOException {
        Map<String, Set<String>> spans = new HashMap<>();
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (isWhole(line)) {
                    JSON.readTree(line).findValues("spans").forEach(list -> list.forEach(span -> spans
                            .computeIfAbsent(span.get("traceId").asText(), unseen -> new HashSet<>())
                            .add(span.get("spanId").asText())));
                }
            }
        }
        return spans;
    }

    /** A process that dies while it writes leaves half a line; the whole is written again after the restart. */
    private static boolean isWhole(String line) {
        return line.endsWith("}");
    }
}
