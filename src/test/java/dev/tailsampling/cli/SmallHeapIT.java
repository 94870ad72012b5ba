package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trace of 20,000 spans and one of four hours, among 100,000 others, in a heap of 256 MB. */
class SmallHeapIT {

    private static final String TABLE = "default.heap";
    private static final int OTHERS = 100_000;
    private static final int GIANT_SPANS = 20_000;

    @TempDir
    private Path folder;

    @Test
    void giantAndMarathonAreDecidedOnceAndWhole() throws IOException, InterruptedException {
        Tss tss = new Tss(folder);
        tss.run("generate", "--traces", Integer.toString(OTHERS), "--seed", "3", "--profile", "small", "--rate",
                "200", "--late-share", "0", "--duplicate-share", "0", "--giant", Integer.toString(GIANT_SPANS),
                "--marathon", "4", "--table", TABLE).ok();
        Path policies = Files.writeString(folder.resolve("policies.yaml"), """
                policies:
                  - {name: large, type: span_count, span_count: {min_spans: 20000}}
                  - {name: hours, type: latency, latency: {threshold_ms: 3600000}}
                """);
        Path log = folder.resolve("log.txt");

        Process scan = JavaProcess.start(folder, List.of("-Xmx256m"), Map.of(), log, "scan", "--once", "--table", TABLE,
                "--policies", policies.toString(), "--output", "json");
        assertThat(scan.waitFor()).as("exit code; %s", Files.readString(log)).isZero();

        JsonNode report = new ObjectMapper().readTree(Files.readAllLines(log).getLast());
        assertThat(report.get("traces_completed").asInt()).isEqualTo(OTHERS + 2);
        assertThat(report.get("traces_late").asInt()).isZero();
        List<JsonNode> kept = kept(tss);
        assertThat(kept).hasSize(2);
        assertThat(kept).anySatisfy(giant -> {
            assertThat(giant.get("policy").asText()).isEqualTo("large");
            assertThat(giant.get("span_count").asInt()).isEqualTo(GIANT_SPANS);
        }).anySatisfy(marathon -> {
            assertThat(marathon.get("policy").asText()).isEqualTo("hours");
            assertThat(marathon.get("duration_ms").asDouble()).isEqualTo(4 * 3_600_000.0);
        });
        assertThat(exportedSpans()).isEqualTo(report.get("spans_sampled").asLong());
    }

    private static List<JsonNode> kept(Tss tss) {
        ObjectMapper json = new ObjectMapper();
        return tss.run("decisions", "--outcome", "SAMPLED", "--output", "json").ok().lines().stream().map(line -> {
            try {
                return json.readTree(line);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }).toList();
    }

    private long exportedSpans() throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("export").resolve(TABLE + ".otlp.jsonl"))) {
            return lines.mapToLong(line -> line.split("\"spanId\"", -1).length - 1L).sum();
        }
    }
}
