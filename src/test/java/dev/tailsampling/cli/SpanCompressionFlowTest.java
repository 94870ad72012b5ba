package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Similar spans leave as one where that is wanted, and all as they are where it is not. */
class SpanCompressionFlowTest {

    private static final String TABLE = "default.spans";

    @TempDir
    private Path folder;

    @Test
    void similarSpansLeaveAsOneIfWanted() throws IOException {
        RealSet set = RealSet.open("opensearch-hotrod", folder);
        Path policies = Files.writeString(folder.resolve("all.yaml"),
                "policies: [{name: all, type: always_sample}]\n");
        new Tss(folder).run("load", "--table", TABLE, set.lines().toString()).ok();

        String whole = exported("whole", policies, false);
        String joined = exported("joined", policies, true);

        assertThat(count(whole, "\"spanId\"")).isEqualTo(set.facts().get("spans").asInt());
        assertThat(whole).doesNotContain("tss.compression");
        assertThat(count(joined, "\"spanId\"")).isLessThan(count(whole, "\"spanId\""));
        assertThat(joined).contains("tss.compression.count").contains(TABLE);
    }

    private String exported(String ledger, Path policies, boolean compression) throws IOException {
        Path file = folder.resolve(ledger + ".jsonl");
        new Tss(folder).with("TSS_STORAGE_ICEBERG_NAMESPACE", ledger)
                .with("TSS_SPAN_COMPRESSION_ENABLED", Boolean.toString(compression))
                .run("scan", "--once", "--table", TABLE, "--policies", policies.toString(), "--export-file",
                        file.toString())
                .ok();
        return Files.readString(file);
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }
}
