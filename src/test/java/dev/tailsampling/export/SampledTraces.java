package dev.tailsampling.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Traces to export, encoded by OpenTelemetry's own classes. */
final class SampledTraces {

    private SampledTraces() {}

    /** A trace of some spans; numbers make distinct ids. */
    static SampledTrace trace(int number, int spans) {
        return trace(number, spans, "");
    }

    /** A trace of one span that is at least this large. */
    static SampledTrace traceOfBytes(int number, int bytes) {
        return trace(number, 1, "x".repeat(bytes));
    }

    private static SampledTrace trace(int number, int spans, String padding) {
        TraceId traceId = new TraceId(number, ~number);
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        IntStream.rangeClosed(1, spans).forEach(span -> scope.addSpans(span(traceId, span, padding)));
        byte[] otlp = ExportTraceServiceRequest.newBuilder().addResourceSpans(ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(text("service.name", "service " + number % 3)))
                .addScopeSpans(scope)).build().toByteArray();
        return new SampledTrace(traceId, otlp, spans, "errors", Threshold.ALWAYS);
    }

    private static Span span(TraceId traceId, int number, String padding) {
        return Span.newBuilder()
                .setTraceId(ByteString.copyFrom(
                        ByteBuffer.allocate(16).putLong(traceId.high()).putLong(traceId.low()).array()))
                .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(number).array()))
                .setName("GET /größe\n").setStartTimeUnixNano(1_700_000_000_000_000_000L)
                .addAttributes(text("padding", padding)).build();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setStringValue(value)).build();
    }

    /** The spans as "trace id/span id", in their order. */
    static List<String> spanIds(List<SampledTrace> traces) {
        return traces.stream().flatMap(trace -> spanIds(trace.otlp())).toList();
    }

    /** The same of one request. */
    static Stream<String> spanIds(byte[] request) {
        try {
            return ExportTraceServiceRequest.parseFrom(request).getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .flatMap(scope -> scope.getSpansList().stream())
                    .map(span -> hex(span.getTraceId()) + "/" + hex(span.getSpanId()));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("the body is no ExportTraceServiceRequest", e);
        }
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }
}
