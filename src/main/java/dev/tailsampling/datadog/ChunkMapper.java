package dev.tailsampling.datadog;

import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns kept traces into chunks: one for each resource that took part in a trace. Not thread-safe. */
final class ChunkMapper {

    private record Group(Tracer tracer, TraceId traceId) {}

    private final PayloadSettings settings;
    private final SpanEncoder encoder;
    private final OtlpSpans spans = new OtlpSpans();
    private @Nullable Tracer tracer;
    private long resourceGeneration;

    ChunkMapper(PayloadSettings settings) {
        this.settings = settings;
        this.encoder = new SpanEncoder(settings.queryText());
    }

    /**
     * The chunks, in the order of the trace's resources; more than one for a resource whose spans are larger than a
     * payload.
     *
     * @throws dev.tailsampling.otlp.MalformedOtlpException if the bytes are not OTLP
     */
    List<TraceChunk> of(KeptTrace trace) {
        Map<Group, List<EncodedSpan>> groups = new LinkedHashMap<>();
        tracer = null;
        spans.forEach(trace.otlp(), 0, trace.otlp().length, span -> {
            Tracer itsTracer = tracer(span);
            groups.computeIfAbsent(new Group(itsTracer, span.traceId()), group -> new ArrayList<>())
                    .add(encoder.encode(span, itsTracer));
        });
        List<TraceChunk> chunks = new ArrayList<>();
        ChunkWriter writer = new ChunkWriter(trace, settings.maxBytes());
        groups.forEach((group, encoded) -> chunks.addAll(writer.chunks(group.tracer(), encoded)));
        return chunks;
    }

    private Tracer tracer(WireSpan span) {
        Tracer last = tracer;
        long generation = span.resource().generation();
        if (last == null || generation != resourceGeneration) {
            last = Tracer.of(span.resource(), settings);
            tracer = last;
            resourceGeneration = generation;
        }
        return last;
    }
}
