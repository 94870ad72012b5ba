package dev.tailsampling.datadog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Collects kept traces into payloads of bounded size. Holds no more than one payload and one trace. Not thread-safe.
 */
public final class PayloadBuilder {

    /** Tag and length of a nested message. */
    private static final int FRAME_BYTES = 6;

    private final PayloadSettings settings;
    private final ChunkMapper mapper;
    private final int emptyBytes;
    private final List<TraceChunk> chunks = new ArrayList<>();
    private final Set<Tracer> tracers = new HashSet<>();
    private long bytes;
    private int traces;

    /** A builder without traces. */
    public PayloadBuilder(PayloadSettings settings) {
        this.settings = settings;
        this.mapper = new ChunkMapper(settings);
        this.emptyBytes = 2 * FRAME_BYTES + settings.hostname().getBytes(StandardCharsets.UTF_8).length
                + settings.env().getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Adds a trace.
     *
     * @return payloads that are full now, in order
     * @throws dev.tailsampling.otlp.MalformedOtlpException if the bytes are not OTLP; nothing was added then
     */
    public List<AgentPayload> add(KeptTrace trace) {
        List<AgentPayload> full = new ArrayList<>();
        for (TraceChunk chunk : mapper.of(trace)) {
            if (!chunks.isEmpty() && emptyBytes + bytes + sizeOf(chunk) > settings.maxBytes()) {
                rest().ifPresent(full::add);
            }
            bytes += sizeOf(chunk);
            tracers.add(chunk.tracer());
            chunks.add(chunk);
        }
        if (++traces >= settings.maxTraces()) {
            rest().ifPresent(full::add);
        }
        return full;
    }

    /** How much the chunk adds to the payload, with its resource if that is new. */
    private long sizeOf(TraceChunk chunk) {
        int resource = tracers.contains(chunk.tracer()) ? 0 : chunk.tracer().encodedSize() + FRAME_BYTES;
        return (long) chunk.bytes().length + FRAME_BYTES + resource;
    }

    /** What is left, empty if nothing is; the builder has no traces afterwards. */
    public Optional<AgentPayload> rest() {
        Optional<AgentPayload> payload =
                chunks.isEmpty() ? Optional.empty() : Optional.of(new AgentPayload(settings, chunks));
        chunks.clear();
        tracers.clear();
        bytes = 0;
        traces = 0;
        return payload;
    }
}
