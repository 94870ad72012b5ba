package dev.tailsampling.export;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.OtlpJsonWriter;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes OTLP/JSON lines: each line is an {@code ExportTraceServiceRequest} with the spans of one trace. Readers are
 * the Collector's {@code otlp_json_file} receiver, {@code jq}, and this program's own commands.
 *
 * <p>Not thread-safe; two processes must not append to one file.
 */
public final class FileExporter implements TraceExporter {

    private final LineTarget target;

    /** Appends to a file. It is created, with its folders, by the first export. */
    public FileExporter(Path file) {
        target = new LineFile(file);
    }

    /** Writes to a stream, which stays open when this is closed. */
    public FileExporter(OutputStream stream) {
        target = new BorrowedStream(stream);
    }

    @Override
    public String name() {
        return "file";
    }

    /** What is not OTLP is left out and counted as rejected. */
    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        try {
            return write(batch, target.stream());
        } catch (IOException e) {
            return failed(e);
        }
    }

    private static ExportOutcome write(List<SampledTrace> batch, OutputStream out) throws IOException {
        long rejectedSpans = 0;
        String message = "";
        for (SampledTrace trace : batch) {
            try {
                out.write(line(trace));
            } catch (MalformedOtlpException e) {
                rejectedSpans += trace.spanCount();
                message = "trace " + trace.traceId() + ": " + e.getMessage();
            }
        }
        out.flush();
        return new ExportOutcome.Exported(rejectedSpans, message);
    }

    private static byte[] line(SampledTrace trace) {
        return (OtlpJsonWriter.toJson(trace.otlp()) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Forces what was written to the disk. */
    @Override
    public ExportOutcome flush() {
        try {
            target.force();
            return new ExportOutcome.Exported(0, "");
        } catch (IOException e) {
            return failed(e);
        }
    }

    /** Gives the file up, so that the next export opens it anew: the disk may have been freed or mounted meanwhile. */
    private ExportOutcome failed(IOException failure) {
        target.close();
        return new ExportOutcome.Unknown("cannot write to " + target + ": " + failure);
    }

    @Override
    public void close() {
        target.close();
    }
}
