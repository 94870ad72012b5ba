package dev.tailsampling.export;

import static dev.tailsampling.export.SampledTraces.spanIds;
import static dev.tailsampling.export.SampledTraces.trace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import dev.tailsampling.trace.Threshold;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileExporterTest {

    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");

    @TempDir
    Path folder;

    private Path file;
    private FileExporter exporter;

    @BeforeEach
    void open() {
        file = folder.resolve("kept/traces.jsonl");
        exporter = new FileExporter(file);
    }

    @AfterEach
    void close() {
        exporter.close();
    }

    @Nested
    class Contract extends TraceExporterContract {
        @Override
        TraceExporter exporter() {
            return exporter;
        }

        @Override
        List<String> received() {
            try {
                return Files.exists(file) ? spanIdsOf(Files.readString(file)) : List.of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Nested
    class StreamContract extends TraceExporterContract {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final FileExporter streaming = new FileExporter(bytes);

        @Override
        TraceExporter exporter() {
            return streaming;
        }

        @Override
        List<String> received() {
            return spanIdsOf(bytes.toString(StandardCharsets.UTF_8));
        }
    }

    /** Spans of OTLP/JSON lines as "trace id/span id". */
    private static List<String> spanIdsOf(String lines) {
        List<String> ids = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            for (JsonNode resource : json(line).path("resourceSpans")) {
                for (JsonNode scope : resource.path("scopeSpans")) {
                    scope.path("spans").forEach(span -> ids
                            .add(span.path("traceId").asText() + "/" + span.path("spanId").asText()));
                }
            }
        }
        return ids;
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void writesALineForEachTrace() throws IOException {
        exporter.export(List.of(trace(1, 3), trace(2, 1)));

        assertThat(Files.readString(file)).endsWith("\n");
        assertThat(Files.readAllLines(file)).hasSize(2).allMatch(line -> json(line).has("resourceSpans"));
    }

    @Test
    void touchesNothingBeforeTheFirstExport() {
        exporter.flush();

        assertThat(file).doesNotExist();
    }

    @Test
    void appendsToWhatIsThere() throws IOException {
        exporter.export(List.of(trace(1, 1)));
        exporter.close();
        try (FileExporter second = new FileExporter(file)) {
            assertThat(second.export(List.of(trace(2, 1)))).isEqualTo(DONE);
        }

        assertThat(spanIdsOf(Files.readString(file)))
                .containsExactlyElementsOf(spanIds(List.of(trace(1, 1), trace(2, 1))));
    }

    @Test
    void lineThatWasCutOffDoesNotSwallowTheNext() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"resourceSpans\":[]}\n{\"resourceSp");

        exporter.export(List.of(trace(1, 1)));

        assertThat(Files.readAllLines(file)).hasSize(3).startsWith("{\"resourceSpans\":[]}", "{\"resourceSp");
        assertThat(spanIdsOf(Files.readAllLines(file).getLast()))
                .containsExactlyElementsOf(spanIds(List.of(trace(1, 1))));
    }

    @Test
    void failureIsUnknownAndNamesThePath() throws IOException {
        Files.createDirectories(file);

        assertThat(exporter.export(List.of(trace(1, 1)))).isInstanceOfSatisfying(ExportOutcome.Unknown.class,
                unknown -> assertThat(unknown.reason()).startsWith("cannot write to " + file + ": "));
    }

    @Test
    void opensTheFileAgainAfterAFailure() throws IOException {
        Files.createDirectories(file);
        exporter.export(List.of(trace(1, 1)));
        Files.delete(file);

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(DONE);
        assertThat(spanIdsOf(Files.readString(file))).hasSize(1);
    }

    @Test
    void fullDiskIsUnknown() {
        // Linux' file that is always full; a special file also must not be looked into for a torn line.
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));

        try (FileExporter writing = new FileExporter(full)) {
            assertThat(writing.export(List.of(trace(1, 1)))).isInstanceOfSatisfying(ExportOutcome.Unknown.class,
                    unknown -> assertThat(unknown.reason()).startsWith("cannot write to /dev/full: "));
        }
    }

    @Test
    void leavesOutWhatIsNotOtlp() throws IOException {
        SampledTrace broken = new SampledTrace(trace(2, 1).traceId(), new byte[]{10, 99}, 4, "errors",
                Threshold.ALWAYS);

        assertThat(exporter.export(List.of(trace(1, 1), broken, trace(3, 1)))).isInstanceOfSatisfying(
                ExportOutcome.Exported.class, exported -> {
                    assertThat(exported.rejectedSpans()).isEqualTo(4);
                    assertThat(exported.message()).startsWith("trace " + broken.traceId() + ": not OTLP");
                });
        assertThat(spanIdsOf(Files.readString(file)))
                .containsExactlyElementsOf(spanIds(List.of(trace(1, 1), trace(3, 1))));
    }

    @Test
    void doesNotCloseAStreamOfOthers() {
        List<String> calls = new ArrayList<>();
        try (FileExporter streaming = new FileExporter(new OutputStream() {
            @Override
            public void write(int b) {}

            @Override
            public void flush() {
                calls.add("flush");
            }

            @Override
            public void close() {
                calls.add("close");
            }
        })) {
            streaming.export(List.of(trace(1, 1)));
        }

        assertThat(calls).containsExactly("flush");
    }

    @Test
    void printStreamIsAskedForItsFailures() {
        FileExporter streaming = new FileExporter(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        }));

        assertThat(streaming.export(List.of(trace(1, 1)))).isEqualTo(DONE);
        assertThat(streaming.flush()).isEqualTo(new ExportOutcome.Unknown(
                "cannot write to output stream: java.io.IOException: an earlier write failed"));
    }

    @Test
    void brokenStreamIsUnknown() {
        FileExporter streaming = new FileExporter(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        });

        assertThat(streaming.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Unknown(
                "cannot write to output stream: java.io.IOException: Broken pipe"));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void writesToADeviceThatCannotBeForced() {
        try (TraceExporter device = new FileExporter(Path.of("/dev/null"))) {
            assertThat(device.export(List.of(trace(1, 1)))).isEqualTo(DONE);
            assertThat(device.flush()).isEqualTo(DONE);
        }
    }
}
