package dev.tailsampling.cli;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.OtlpJsonReader;
import dev.tailsampling.otlp.OtlpSpans;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * OTLP JSON lines from files or standard input, gzip or plain (told by the first bytes, not by the name). Blank lines are
 * skipped; a line that is not OTLP is reported with its place and skipped, and the caller learns how many there were.
 */
final class OtlpLines {

    private static final int BUFFER = 1 << 16;
    private static final int GZIP_MAGIC_0 = 0x1f;
    private static final int GZIP_MAGIC_1 = 0x8b;

    /** Receives each request in turn. */
    interface Receiver {
        /** One line as an {@code ExportTraceServiceRequest} whose spans are all readable. */
        void request(byte[] otlp);
    }

    private static final OtlpSpans.Visitor NOTHING = span -> {};

    private final Console console;
    private final OtlpJsonReader json = new OtlpJsonReader();
    private final OtlpSpans spans = new OtlpSpans();
    private long badLines;

    OtlpLines(Console console) {
        this.console = console;
    }

    /** A reader of the same kind that leaves the reporting of bad lines to this one. */
    OtlpLines silent() {
        return new OtlpLines(Console.silent());
    }

    /** Lines that were not OTLP, so far. */
    long badLines() {
        return badLines;
    }

    /**
     * Reads one input to its end.
     *
     * @param input a file name, or "-" for standard input
     * @throws CommandException if it cannot be opened
     */
    void read(String input, Receiver receiver) {
        forEachLine(input, (number, line) -> readLine(input, number, line, receiver));
    }

    /** Receives each line that is not blank, with its number in the input. */
    private interface LineReceiver {
        void line(long number, String line);
    }

    private static void forEachLine(String input, LineReceiver receiver) {
        try (BufferedReader reader = open(input)) {
            long number = 0;
            for (@Nullable String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    receiver.line(number, line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + describe(input) + ": " + e.getMessage(), e);
        }
    }

    private void readLine(String input, long number, String line, Receiver receiver) {
        byte[] otlp;
        try {
            otlp = json.toProtobuf(line);
            spans.forEach(otlp, 0, otlp.length, NOTHING);
        } catch (MalformedOtlpException e) {
            badLines++;
            console.warn(describe(input) + ", line " + number + " is skipped: " + e.getMessage());
            return;
        }
        receiver.request(otlp);
    }

    /** Counts the lines that are not blank. */
    static long countLines(String input) {
        long[] count = {0};
        forEachLine(input, (number, line) -> count[0]++);
        return count[0];
    }

    private static BufferedReader open(String input) throws IOException {
        return new BufferedReader(new InputStreamReader(decompressed(raw(input)), StandardCharsets.UTF_8), BUFFER);
    }

    private static InputStream raw(String input) throws IOException {
        if (input.equals("-")) {
            return System.in;
        }
        Path path = Path.of(input);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new CommandException("cannot read " + input + ": " + (Files.exists(path)
                    ? "it is a directory, or you may not read it"
                    : "there is no such file"));
        }
        return new FileInputStream(path.toFile());
    }

    private static InputStream decompressed(InputStream raw) throws IOException {
        BufferedInputStream stream = new BufferedInputStream(raw, BUFFER);
        stream.mark(2);
        boolean gzip = stream.read() == GZIP_MAGIC_0 && stream.read() == GZIP_MAGIC_1;
        stream.reset();
        return gzip ? new GZIPInputStream(stream, BUFFER) : stream;
    }

    private static String describe(String input) {
        return input.equals("-") ? "standard input" : input;
    }
}
