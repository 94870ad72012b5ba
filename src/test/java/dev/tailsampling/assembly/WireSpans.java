package dev.tailsampling.assembly;

import com.google.protobuf.ByteString;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.otlp.WireSpan;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Spans in wire form, made to measure. */
final class WireSpans {

    private WireSpans() {}

    /** A request of one span, under a resource and a scope with its own schema URL. */
    static byte[] request(long trace, long span, String resource, String scope, int nameLength) {
        var request = ExportTraceServiceRequest.newBuilder();
        var resourceSpans = request.addResourceSpansBuilder().setSchemaUrl("https://example.test/" + resource);
        resourceSpans.getResourceBuilder().addAttributesBuilder().setKey(resource);
        var scopeSpans = resourceSpans.addScopeSpansBuilder();
        scopeSpans.getScopeBuilder().setName(scope);
        scopeSpans.addSpans(Span.newBuilder().setName("n".repeat(nameLength))
                .setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).putLong(trace).putLong(~trace).array()))
                .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(span).array())));
        return request.build().toByteArray();
    }

    static void visit(byte[] request, Consumer<WireSpan> action) {
        new OtlpSpans().forEach(request, 0, request.length, action::accept);
    }

    /** Each span of a request alone in one, so that they can be compared. */
    static List<ByteString> alone(byte[] request) {
        List<ByteString> requests = new ArrayList<>();
        visit(request, span -> {
            TraceBytes one = new TraceBytes();
            one.add(span);
            requests.add(ByteString.copyFrom(Objects.requireNonNull(one.take())));
        });
        return requests;
    }
}
