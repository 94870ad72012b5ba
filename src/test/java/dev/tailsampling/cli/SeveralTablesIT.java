package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several tables in one {@code tss run}, as a real process: one is missing, and one appears later. */
class SeveralTablesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path folder;

    @Test
    void allTablesAreSampledAndNoneStopsTheOthers() throws IOException, InterruptedException {
        Tss tss = new Tss(folder);
        generate(tss, "default.one", 1);
        generate(tss, "default.two", 2);
        Process run = JavaProcess.start(folder, List.of("-XX:TieredStopAtLevel=1"),
                Map.of("TSS_STORAGE_ICEBERG_TABLES", "default.one,default.two,default.missing,later.*",
                        "TSS_STORAGE_ICEBERG_TABLE_INTERVALS", "default.two=0.2,later.*=0.3"),
                log(), "run", "--interval", "1");
        try {
            awaitDecisions(tss, run, "default.one", "default.two");
            generate(tss, "later.three", 3);
            awaitDecisions(tss, run, "later.three");
        } finally {
            run.destroy();
        }
        assertThat(run.waitFor(30, TimeUnit.SECONDS)).as("ended by SIGTERM, log in %s", log()).isTrue();

        for (String table : List.of("default.one", "default.two", "later.three")) {
            assertThat(folder.resolve("export/" + table + ".otlp.jsonl")).isNotEmptyFile();
        }
        List<String> log = Files.readAllLines(log());
        assertThat(log).filteredOn(line -> line.contains("default.missing does not exist")).hasSize(1);
        assertThat(log).noneMatch(line -> line.contains("ERROR") || line.contains("trace_decisions"));
    }

    private static void generate(Tss tss, String table, int seed) {
        tss.run("generate", "--traces", "200", "--seed", Integer.toString(seed), "--profile", "small", "--rate", "20",
                "--commit-interval", "2", "--table", table).ok();
    }

    private Path log() {
        return folder.resolve("log.txt");
    }

    private void awaitDecisions(Tss tss, Process run, String... tables) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        for (String table : tables) {
            while (tss.run("decisions", "--table", table).ok().out().isEmpty()) {
                assertThat(run.waitFor(200, TimeUnit.MILLISECONDS)).as("the process ended, log in %s", log()).isFalse();
                assertThat(Instant.now()).as("decisions on %s, log in %s", table, log()).isBefore(deadline);
            }
        }
    }
}
