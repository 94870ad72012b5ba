package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tss decide --export}. */
class DecideExportTest {

    private static final String SPAN = """
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","name":"%s"}]}]}]}
            """;

    @TempDir
    private Path folder;

    private Path input() throws IOException {
        return Files.writeString(folder.resolve("in.jsonl"), SPAN.formatted(1, 1, "a") + SPAN.formatted(2, 2, "b"));
    }

    private Tss.Result decide(Path input, Path export) throws IOException {
        Path policies = Files.writeString(folder.resolve("policies.yaml"), """
                policies:
                  - {name: a, type: match, match: {any_span: {span: [{key: span.name, op: eq, value: a}]}}}
                """);
        return new Tss(folder.resolve("home")).run("decide", "--policies", policies.toString(), "--input",
                input.toString(), "--export", export.toString());
    }

    @Test
    void writesTheKeptTracesInPlaceOfWhatWasThere() throws IOException {
        Path export = Files.writeString(folder.resolve("out.jsonl"), "old\n");

        decide(input(), export).ok();

        assertThat(Files.readString(export)).contains("\"name\":\"a\"").doesNotContain("\"name\":\"b\"", "old");
    }

    @Test
    void doesNotReplaceItsInput() throws IOException {
        Path input = input();
        String before = Files.readString(input);

        Tss.Result result = decide(input, folder.resolve(".").resolve("in.jsonl"));

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("--export would replace the input " + input + ": name another file");
        assertThat(Files.readString(input)).isEqualTo(before);
    }
}
