package dev.tailsampling.datadog;

import dev.tailsampling.otlp.WireWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Chunks that go to the trace intake together. Immutable. */
public final class AgentPayload {

    // Fields of AgentPayload.
    private static final int HOST_NAME = 1;
    private static final int ENV = 2;
    private static final int TRACER_PAYLOADS = 5;

    /** Field of TracerPayload. */
    private static final int CHUNKS = 6;

    private final String hostname;
    private final String env;
    private final List<TraceChunk> chunks;

    AgentPayload(PayloadSettings settings, List<TraceChunk> chunks) {
        this(settings.hostname(), settings.env(), chunks);
    }

    private AgentPayload(String hostname, String env, List<TraceChunk> chunks) {
        this.hostname = hostname;
        this.env = env;
        this.chunks = List.copyOf(chunks);
    }

    /** Spans in it. */
    public long spanCount() {
        return chunks.stream().mapToLong(TraceChunk::spanCount).sum();
    }

    /** Whether it cannot be cut. */
    public boolean isSingleChunk() {
        return chunks.size() == 1;
    }

    /** Both halves of a payload of several chunks, in order. */
    public List<AgentPayload> halves() {
        int middle = chunks.size() / 2;
        return List.of(new AgentPayload(hostname, env, chunks.subList(0, middle)),
                new AgentPayload(hostname, env, chunks.subList(middle, chunks.size())));
    }

    /** The languages of its spans, separated by {@code |}. */
    public String languages() {
        return chunks.stream().map(chunk -> chunk.tracer().language()).filter(language -> !language.isEmpty())
                .distinct().sorted().collect(Collectors.joining("|"));
    }

    /** The message {@code AgentPayload}, with one {@code TracerPayload} for each resource. */
    public byte[] toByteArray() {
        Map<Tracer, List<TraceChunk>> byTracer =
                chunks.stream().collect(Collectors.groupingBy(TraceChunk::tracer, LinkedHashMap::new,
                        Collectors.toList()));
        WireWriter writer = new WireWriter(chunks.stream().mapToInt(chunk -> chunk.bytes().length + 64).sum());
        writer.string(HOST_NAME, hostname);
        writer.string(ENV, env);
        byTracer.forEach((tracer, itsChunks) -> {
            int mark = writer.begin(TRACER_PAYLOADS);
            tracer.writeTo(writer);
            itsChunks.forEach(chunk -> writer.bytes(CHUNKS, chunk.bytes(), 0, chunk.bytes().length));
            writer.end(mark);
        });
        return writer.toByteArray();
    }
}
