package dev.tailsampling.stream;

import com.google.protobuf.ByteString;
import dev.tailsampling.otlp.OtlpJsonReader;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Traces that others have recorded, from files of gzipped OTLP JSON lines. */
final class RealTraces {

    /** A span and where it comes from. */
    record Recorded(Resource resource, InstrumentationScope scope, Span span) {}

    /**
     * A trace.
     *
     * @param startNanos its earliest start
     * @param spans in the order in which they end
     */
    record Trace(long startNanos, List<Recorded> spans) {

        private static Trace of(List<Recorded> spans) {
            long start = spans.stream().mapToLong(one -> one.span().getStartTimeUnixNano()).min().orElseThrow();
            return new Trace(start, spans.stream()
                    .sorted(Comparator.comparingLong(one -> one.span().getEndTimeUnixNano())).toList());
        }
    }

    private RealTraces() {}

    /** All traces of the files NAME.otlp.jsonl.gz in a folder, by name and in the order in which they begin there. */
    static List<Trace> read(Path folder) throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".otlp.jsonl.gz")).sorted().toList()) {
                traces.addAll(readFile(file));
            }
        }
        if (traces.isEmpty()) {
            throw new IOException("there are no files NAME.otlp.jsonl.gz in " + folder);
        }
        return traces;
    }

    private static List<Trace> readFile(Path file) throws IOException {
        OtlpJsonReader json = new OtlpJsonReader();
        Map<ByteString, List<Recorded>> byTrace = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                for (ResourceSpans resource : ExportTraceServiceRequest.parseFrom(json.toProtobuf(line))
                        .getResourceSpansList()) {
                    add(resource, byTrace);
                }
            }
        }
        return byTrace.values().stream().map(Trace::of).toList();
    }

    private static void add(ResourceSpans resource, Map<ByteString, List<Recorded>> byTrace) {
        for (ScopeSpans scope : resource.getScopeSpansList()) {
            for (Span span : scope.getSpansList()) {
                byTrace.computeIfAbsent(span.getTraceId(), unseen -> new ArrayList<>())
                        .add(new Recorded(resource.getResource(), scope.getScope(), span));
            }
        }
    }
}
