package dev.tailsampling.stream;

import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cuts an {@code ExportTraceServiceRequest} between its spans, by copying slices. */
final class SpanParts {

    private SpanParts() {}

    static int spanCount(byte[] otlp) {
        return new OtlpSpans().forEach(otlp, 0, otlp.length, span -> {
            // Only their number is of interest.
        });
    }

    /** The request, or the halves of its spans, and so on, until each is small enough or a single span. */
    static List<byte[]> bySize(byte[] otlp, int maxBytes) {
        int count = otlp.length <= maxBytes ? 1 : spanCount(otlp);
        if (count <= 1) {
            return List.of(otlp);
        }
        TraceBytes first = new TraceBytes();
        TraceBytes second = new TraceBytes();
        int[] seen = {0};
        new OtlpSpans().forEach(otlp, 0, otlp.length, span -> (seen[0]++ < count / 2 ? first : second).add(span));
        List<byte[]> parts = new ArrayList<>();
        for (byte[] half : new byte[][]{first.take(), second.take()}) {
            if (half != null) {
                parts.addAll(bySize(half, maxBytes));
            }
        }
        return parts;
    }

    /** A request for each trace, in the order of their first spans; the request itself if it has but one. */
    static Map<TraceId, byte[]> byTrace(byte[] otlp) {
        Map<TraceId, TraceBytes> traces = new LinkedHashMap<>();
        new OtlpSpans().forEach(otlp, 0, otlp.length,
                span -> traces.computeIfAbsent(span.traceId(), id -> new TraceBytes()).add(span));
        Map<TraceId, byte[]> requests = new LinkedHashMap<>();
        traces.forEach((traceId, spans) -> {
            byte[] taken = traces.size() == 1 ? otlp : spans.take();
            if (taken != null) {
                requests.put(traceId, taken);
            }
        });
        return requests;
    }
}
