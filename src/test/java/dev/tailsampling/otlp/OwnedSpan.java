package dev.tailsampling.otlp;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;

/** A span as protobuf-java reads it, with the rest of the ResourceSpans and ScopeSpans that it came in. */
record OwnedSpan(ResourceSpans resource, ScopeSpans scope, Span span) {

    /** Reads a request, leaving out the fields that this version does not know. */
    static ExportTraceServiceRequest parse(byte[] request) {
        try {
            return DiscardUnknownFieldsParser.wrap(ExportTraceServiceRequest.parser()).parseFrom(request);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The spans of a request, in its order. */
    static List<OwnedSpan> of(ExportTraceServiceRequest request) {
        List<OwnedSpan> spans = new ArrayList<>();
        for (ResourceSpans resource : request.getResourceSpansList()) {
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                for (Span span : scope.getSpansList()) {
                    spans.add(new OwnedSpan(resource.toBuilder().clearScopeSpans().build(),
                            scope.toBuilder().clearSpans().build(), span));
                }
            }
        }
        return spans;
    }
}
