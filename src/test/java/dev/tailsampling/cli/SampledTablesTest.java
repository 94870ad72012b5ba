package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tss scan --once} over several tables. */
class SampledTablesTest {

    @TempDir
    private Path folder;

    private Tss tss;

    @BeforeEach
    void twoTables() throws IOException {
        tss = new Tss(folder.resolve("home"));
        for (String table : new String[]{"default.one", "default.two"}) {
            tss.run("generate", "--traces", "100", "--seed", "3", "--profile", "small", "--rate", "10",
                    "--table", table).ok();
        }
    }

    private long exported(String table) throws IOException {
        return Files.readAllLines(tss.home().resolve("export/" + table + ".otlp.jsonl")).size();
    }

    @Test
    void aPatternMeansEveryTableButTheLedger() throws IOException {
        tss.run("scan", "--once", "--drain", "--table", "default.one").ok();
        Tss.Result result = tss.run("scan", "--once", "--drain", "--table", "default.*", "--output", "json").ok();

        assertThat(result.lines()).hasSize(2).anyMatch(line -> line.contains("\"table\":\"default.one\""))
                .anyMatch(line -> line.contains("\"table\":\"default.two\""));
        assertThat(exported("default.two")).isPositive().isEqualTo(exported("default.one"));
    }

    @Test
    void aPatternDoesNotMeanTheTableOfKeptSpans() {
        tss.with("TSS_EXPORT_ICEBERG_TABLE", "kept");
        for (int scan = 0; scan < 2; scan++) {
            Tss.Result result =
                    tss.run("scan", "--once", "--drain", "--table", "default.*", "--output", "json").ok();
            assertThat(result.lines()).hasSize(2).noneMatch(line -> line.contains("\"table\":\"default.kept\""));
        }
    }

    @Test
    void configuredTablesAreScannedAndAMissingOneIsNamed() throws IOException {
        tss.with("TSS_STORAGE_ICEBERG_TABLES", "default.one,default.none,default.two");
        Tss.Result result = tss.run("scan", "--once", "--drain");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("default.none was not scanned: table default.none does not exist");
        assertThat(exported("default.two")).isPositive().isEqualTo(exported("default.one"));
    }

    @Test
    void tablesMayShareAFile() throws IOException {
        Path file = folder.resolve("all.jsonl");
        tss.run("scan", "--once", "--drain", "--table", "default.one", "--table", "default.two", "--export-file",
                file.toString()).ok();
        tss.run("scan", "--once", "--drain", "--table", "default.one", "--export-file",
                folder.resolve("none.jsonl").toString()).ok();

        assertThat(Files.readAllLines(file)).isNotEmpty().allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(folder.resolve("none.jsonl")).doesNotExist();
    }

    @Test
    void aPatternWithoutTablesIsAnError() {
        Tss.Result result = tss.run("scan", "--once", "--table", "other.*");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("no table matches other.*");
    }
}
