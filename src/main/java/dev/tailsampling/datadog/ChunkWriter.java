package dev.tailsampling.datadog;

import dev.tailsampling.otlp.WireWriter;
import dev.tailsampling.trace.Threshold;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the spans of one resource in one trace as chunks, with what depends on all of them: which one is the root, which
 * are top-level, and what was decided of the trace. Not thread-safe.
 */
final class ChunkWriter {

    // Fields of TraceChunk.
    private static final int PRIORITY = 1;
    private static final int SPANS = 3;
    private static final int TAGS = 4;

    /** "User keep": whoever receives the trace samples it no further. */
    private static final int USER_KEEP = 2;

    /** "Manual", the decision maker that goes with it. */
    private static final String MANUAL = "-4";

    /** Room for the frame of a chunk. */
    private static final int FRAME_BYTES = 256;

    private final byte[] topLevel = topLevel();
    private final byte[] decision;
    private final int maxBytes;

    /**
     * A writer for one trace.
     *
     * @param maxBytes size of a payload at most
     */
    ChunkWriter(KeptTrace trace, int maxBytes) {
        this.decision = decision(trace);
        this.maxBytes = maxBytes;
    }

    private static byte[] topLevel() {
        WireWriter writer = new WireWriter(32);
        SpanTags.writeMetric(writer, SpanTags.TOP_LEVEL, 1);
        return writer.toByteArray();
    }

    /** What the root of a chunk says of the decision. */
    private static byte[] decision(KeptTrace trace) {
        WireWriter writer = new WireWriter(128);
        SpanTags.writeMetric(writer, SpanTags.PRIORITY, USER_KEEP);
        Threshold threshold = trace.threshold();
        if (threshold != null) {
            SpanTags.writeMetric(writer, SpanTags.SAMPLE_RATE, threshold.probability());
        }
        SpanTags.writeMeta(writer, SpanTags.DECISION_MAKER, MANUAL);
        SpanTags.writeMeta(writer, SpanTags.POLICY, trace.policy());
        return writer.toByteArray();
    }

    /** The spans in their order, in as few chunks as the size of a payload allows. */
    List<TraceChunk> chunks(Tracer tracer, List<EncodedSpan> spans) {
        Map<Long, String> services = new HashMap<>();
        spans.forEach(span -> services.put(span.spanId(), span.service()));
        int root = root(spans, services);
        long room = (long) maxBytes - tracer.encodedSize() - decision.length - FRAME_BYTES;
        List<TraceChunk> chunks = new ArrayList<>();
        int from = 0;
        while (from < spans.size()) {
            int to = endOfPiece(spans, from, room);
            int itsRoot = root >= from && root < to ? root - from : 0;
            chunks.add(new TraceChunk(tracer, chunk(spans.subList(from, to), itsRoot, services), to - from));
            from = to;
        }
        return chunks;
    }

    /** The index of a span without parent, else of one whose parent is elsewhere, else of any. */
    private static int root(List<EncodedSpan> spans, Map<Long, String> services) {
        int candidate = -1;
        for (int i = 0; i < spans.size(); i++) {
            long parent = spans.get(i).parentId();
            if (parent == 0) {
                return i;
            }
            candidate = candidate < 0 && !services.containsKey(parent) ? i : candidate;
        }
        return Math.max(0, candidate);
    }

    /** The index after the last span that fits; one span goes in whatever its size. */
    private int endOfPiece(List<EncodedSpan> spans, int from, long room) {
        long size = 0;
        int to = from;
        while (to < spans.size() && (to == from || size + size(spans.get(to)) <= room)) {
            size += size(spans.get(to++));
        }
        return to;
    }

    private int size(EncodedSpan span) {
        return span.bytes().length + topLevel.length + 6;
    }

    private byte[] chunk(List<EncodedSpan> spans, int root, Map<Long, String> services) {
        WireWriter writer = new WireWriter(spans.stream().mapToInt(this::size).sum() + decision.length + FRAME_BYTES);
        writer.varint(PRIORITY, USER_KEEP);
        for (int i = 0; i < spans.size(); i++) {
            EncodedSpan span = spans.get(i);
            int mark = writer.begin(SPANS);
            writer.raw(span.bytes(), 0, span.bytes().length);
            if (!span.service().equals(services.get(span.parentId()))) {
                writer.raw(topLevel, 0, topLevel.length);
            }
            if (i == root) {
                writer.raw(decision, 0, decision.length);
            }
            writer.end(mark);
        }
        SpanTags.writeMapEntry(writer, TAGS, SpanTags.DECISION_MAKER, MANUAL);
        return writer.toByteArray();
    }
}
