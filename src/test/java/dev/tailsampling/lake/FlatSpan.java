package dev.tailsampling.lake;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A span, as the official classes read it, with its resource and scope and their schema URLs. */
record FlatSpan(ResourceSpans resource, ScopeSpans scope, Span span) {

    static ExportTraceServiceRequest parse(byte[] request) {
        try {
            return ExportTraceServiceRequest.parseFrom(request);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** The spans of a request, in its order. */
    static List<FlatSpan> of(ExportTraceServiceRequest request) {
        List<FlatSpan> spans = new ArrayList<>();
        for (ResourceSpans resource : request.getResourceSpansList()) {
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                for (Span span : scope.getSpansList()) {
                    spans.add(new FlatSpan(resource.toBuilder().clearScopeSpans().build(),
                            scope.toBuilder().clearSpans().build(), span));
                }
            }
        }
        return spans;
    }

    TraceId traceId() {
        ByteBuffer id = span.getTraceId().asReadOnlyByteBuffer();
        return new TraceId(id.getLong(), id.getLong());
    }
}
